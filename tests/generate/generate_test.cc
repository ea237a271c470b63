#include "fuzz/mutate/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/approved.h"
#include "tests/generate/formats.h"

using namespace sluice;
using namespace sluice::mutate;

namespace {

using Files = std::vector<std::vector<std::uint8_t>>;

Files make(const Format& format, GenerateOptions options) {
  Generator generator(format, options);
  Files files;
  while (files.size() < options.count) {
    auto file = generator.next();
    if (!file) break;
    files.push_back(std::move(*file));
  }
  return files;
}

std::string goals_of(const Generator& generator, std::string_view counts) {
  std::string text = fmt::format("{} of {} goals{}. Not reached:\n",
                                 std::ranges::count_if(generator.goals(), &Generator::Goal::is_reached),
                                 generator.goals().size(), counts);
  for (const Generator::Goal& goal : generator.goals()) {
    if (!goal.is_reached) text += generator.features().name(goal.feature) + "\n";
  }
  return text;
}

struct Named {
  const char* schema;
  const char* rules;
  const char* driver;
  std::vector<std::string> builds = {};
  std::uint64_t count = 4;
};

}  // namespace

TEST_CASE("check accepts whatever is generated") {
  const std::vector<Named> formats = {
      {"schemas/channel.ksy", "schemas/channel.rules.yaml", "", {}, 2},
      {"schemas/channel.ksy", "schemas/channel.rules.yaml", "schemas/sensor.driver.yaml", {"7.11"}, 2},
      {"schemas/example_channel.ksy", "", "", {}, 8},
      {"fuzz/example/policy.ksy", "fuzz/example/policy.rules.yaml", "fuzz/example/policy.driver.yaml", {}, 8},
  };
  for (const Named& named : formats) {
    const auto format = load_format(named.schema, named.rules, named.driver, named.builds);
    for (const std::uint64_t seed : {1u, 2u}) {
      INFO(named.schema << " seed " << seed);
      const Files files = make(*format, {.seed = seed, .count = named.count});
      CHECK(files.size() == named.count);
      for (const auto& file : files) {
        CHECK(format->accepts(file));
        CHECK(file.size() <= 65'536);
      }
      CHECK(std::set<std::vector<std::uint8_t>>(files.begin(), files.end()).size() == files.size());
    }
  }
}

TEST_CASE("the same seed makes the same files, another seed others") {
  const auto format = load_format("fuzz/example/policy.ksy", "fuzz/example/policy.rules.yaml");
  const Files first = make(*format, {.seed = 7, .count = 5});
  CHECK(first == make(*format, {.seed = 7, .count = 5}));
  CHECK(first != make(*format, {.seed = 8, .count = 5}));
}

TEST_CASE("files are no larger than asked for") {
  const auto format = load_format("schemas/example_channel.ksy");
  for (const auto& file : make(*format, {.seed = 1, .count = 5, .max_size = 200})) CHECK(file.size() <= 200);
}

TEST_CASE("a schema that nothing can satisfy makes nothing, and says why") {
  const auto format = make_format("meta: {id: no, endian: le}\nseq: [{id: a, type: u1, valid: {expr: _ > 300}}]\n");
  Generator generator(*format, {});
  CHECK(!generator.next());
  CHECK(generator.why().find("a: _ > 300 does not hold") != std::string::npos);
  CHECK(!generator.next());
}

// What seeds of the reference format have in them, all inputs by all operators among it.
TEST_CASE("goals of the reference format") {
  const auto format = channel_for("7.12");
  Generator generator(*format, {.seed = 1, .count = 20});
  for (int i = 0; i < 20; ++i) REQUIRE(generator.next());
  const auto uses = std::ranges::count_if(generator.goals(), [&](const Generator::Goal& goal) {
    return goal.is_reached && generator.features().at(goal.feature).kind == Feature::Kind::use;
  });
  const auto all_uses = std::ssize(generator.features().expressible_uses());
  CHECK(uses == all_uses);
  test::check_approved("generate/channel_goals.txt",
                       goals_of(generator, fmt::format("; {} of {} uses", uses, all_uses)));
}

// Everything lies where something points to, and the rules say what comes before what. A country without rules is one
// that the rules refuse.
TEST_CASE("goals of a format whose parts point to each other") {
  const auto format = load_format("schemas/regulatory_db.ksy", "schemas/regulatory_db.rules.yaml");
  Generator generator(*format, {.seed = 1, .count = 8});
  for (int i = 0; i < 8; ++i) {
    const auto file = generator.next();
    REQUIRE(file);
    CHECK(format->accepts(*file));
  }
  test::check_approved("generate/regulatory_goals.txt", goals_of(generator, ""));
}
