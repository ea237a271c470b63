// Any schema, any bytes: whatever is read, drawn, applied and repaired stays in its bounds.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "fuzz/mutate/first_steps.h"
#include "fuzz/mutate/minimal.h"
#include "fuzz/mutate/mutator.h"
#include "fuzz/mutate/random.h"
#include "tests/agree/random_schema.h"
#include "tests/agree/vocabulary.h"
#include "tests/mutate/samples.h"

namespace sluice::mutate {

namespace {

// How many rounds more than usual, for a long run.
std::uint64_t effort() {
  const char* factor = std::getenv("SLUICE_EFFORT");
  return factor == nullptr ? 1 : std::strtoull(factor, nullptr, 10);
}

Bytes draw_bytes(Random& random, std::size_t longest) {
  Bytes bytes(random.below(longest));
  // Mostly small numbers: counts and sizes that lead somewhere.
  for (auto& b : bytes) b = static_cast<std::uint8_t>(random.chance(1, 2) ? random.below(4) : random.next());
  return bytes;
}

void take_first_steps(const Format& format, Mutator& mutator, const Bytes& content, std::size_t room) {
  Tree tree(format);
  tree.parse(content);
  for (const Recipe& recipe : FirstSteps(format).next(tree, room)) {
    Bytes buffer = content;
    buffer.resize(room);
    REQUIRE(mutator.replay(buffer.data(), content.size(), room, recipe) <= room);
  }
}

void torment(const Format& format, Random& random, std::size_t times) {
  Mutator mutator(format);
  mutator.add_donor(draw_bytes(random, 64));
  mutator.add_donor(minimal(format));
  Bytes content = random.chance(1, 2) ? draw_bytes(random, 64) : minimal(format);
  const std::size_t room = 256;
  for (std::size_t i = 0; i < times; ++i) {
    // A buffer of its own, of just the room: a sanitizer sees what is beyond.
    const std::size_t size = std::min(content.size(), room);
    Bytes buffer(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(size));
    buffer.resize(room);
    const std::uint64_t seed = random.next();
    const std::size_t now = mutator.mutate(buffer.data(), size, room, seed);
    REQUIRE(now <= room);
    Bytes again(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(size));
    again.resize(room);
    const Recipe recipe = mutator.last_recipe();
    REQUIRE(mutator.replay(again.data(), size, room, recipe) == now);
    again.resize(now);
    buffer.resize(now);
    if (again != buffer)
      FAIL(seed << "\n" << print(recipe) << to_hex(content) << "\n" << to_hex(buffer) << "\n" << to_hex(again));
    if (random.chance(1, 16)) {
      Bytes both(room);
      REQUIRE(mutator.cross_over(content, buffer, both, random.next()) <= room);
    }
    content = random.chance(1, 8) ? draw_bytes(random, 64) : buffer;
  }
  content.resize(std::min(content.size(), room));
  take_first_steps(format, mutator, content, room);
}

std::unique_ptr<Format> try_format(const std::string& schema) {
  std::vector<std::string> problems;
  return Format::load_text(schema, "", {}, problems);
}

}  // namespace

TEST_CASE("random schemas") {
  for (std::uint64_t seed = 0; seed < 60 * effort(); ++seed) {
    const std::string schema = agree::RandomSchema(seed).draw();
    const auto format = try_format(schema);
    if (!format) continue;
    INFO("schema seed " << seed << "\n" << schema);
    Random random(seed);
    torment(*format, random, 60);
  }
}

TEST_CASE("pairs of small fields") {
  const auto words = agree::vocabulary();
  Random random(7);
  for (std::uint64_t i = 0; i < 150 * effort(); ++i) {
    const agree::Fragment* fields[] = {&words[random.below(words.size())], &words[random.below(words.size())]};
    const auto schema = agree::schema_text(fields);
    const auto format = schema ? try_format(*schema) : nullptr;
    if (!format) continue;
    INFO(*schema);
    torment(*format, random, 40);
  }
}

TEST_CASE("channel files torn apart") {
  Random random(3);
  for (const std::string& name : channel_names()) {
    Mutator mutator(channel());
    Bytes content = channel_file(name);
    if (content.size() > 4096) continue;
    INFO(name);
    for (int i = 0; i < 40; ++i) {
      Bytes buffer = content;
      buffer.resize(8192);
      buffer.resize(mutator.mutate(buffer.data(), content.size(), buffer.size(), random.next()));
      content = buffer;
      // With rules there are uses, circles and chains among them.
      if (i % 8 == 7) take_first_steps(channel(), mutator, content, 8192);
    }
  }
}

}  // namespace sluice::mutate
