#include "validator/bytes/fuzz_input.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>

namespace sluice::bytes {

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes of(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

TEST_CASE("what was written as a container is read back") {
  std::minstd_rand random(1);
  for (int i = 0; i < 1000; ++i) {
    Bytes parts[3];
    for (Bytes& part : parts) {
      part.resize(random() % 50);
      std::ranges::generate(part, [&] { return static_cast<std::uint8_t>(random() % 256); });
    }
    const Bytes file = write_fuzz_input({.content = parts[0], .second = parts[1], .operations = parts[2]});
    const auto read = read_fuzz_input(file);
    REQUIRE(read);
    CHECK(std::ranges::equal(read->content, parts[0]));
    CHECK(std::ranges::equal(read->second, parts[1]));
    CHECK(std::ranges::equal(read->operations, parts[2]));
    CHECK(std::ranges::equal(content_part(file), parts[0]));
    CHECK(with_content(file, parts[1]) ==
          write_fuzz_input({.content = parts[1], .second = parts[1], .operations = parts[2]}));
    CHECK(with_content(parts[0], parts[2]) == parts[2]);
  }
}

TEST_CASE("a container is read to the byte or not at all") {
  const Bytes content = of("content");
  const Bytes second = of("second");
  const Bytes operations = of("\x02");
  const Bytes file = write_fuzz_input({.content = content, .second = second, .operations = operations});
  REQUIRE(read_fuzz_input(file));

  SECTION("one byte less or more") {
    Bytes shorter(file.begin() + 1, file.end());
    CHECK_FALSE(read_fuzz_input(shorter));
    Bytes longer = file;
    longer.insert(longer.begin(), 0);
    CHECK_FALSE(read_fuzz_input(longer));
    for (std::size_t size = 0; size < file.size(); ++size) CHECK_FALSE(read_fuzz_input(std::span(file).first(size)));
  }
  SECTION("any other bit of the trailer") {
    for (std::size_t bit = 0; bit < 24 * 8; ++bit) {
      Bytes other = file;
      other[file.size() - 24 + bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      CHECK_FALSE(read_fuzz_input(other));
      CHECK(content_part(other).size() == other.size());
    }
  }
  SECTION("sizes whose sum wraps around") {
    Bytes other = file;
    for (std::size_t i = 0; i < 4; ++i) other[file.size() - 24 + i] = 0xFF;
    other[file.size() - 20] = static_cast<std::uint8_t>(file.size() - 24 + 1);
    CHECK_FALSE(read_fuzz_input(other));
  }
}

TEST_CASE("what is no container is content") {
  CHECK(content_part({}).empty());
  const Bytes plain = of("SLFUZZ\r\n");
  CHECK(content_part(plain).size() == plain.size());
}

}  // namespace sluice::bytes
