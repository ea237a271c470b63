#include "validator/expression/integer.h"

#include <catch2/catch.hpp>

namespace sluice {
namespace {

std::string read(std::string_view text) {
  const std::optional<Integer> value = parse_integer_literal(text);
  return value ? to_string(*value) : "refused";
}

TEST_CASE("Integer literals are read in four bases, and nothing else is") {
  struct Row {
    std::string_view text, value;
  };
  const Row rows[] = {
      {"0", "0"},
      {"42", "42"},
      {"1_000_000", "1000000"},
      {"0x1F", "31"},
      {"0Xff_ff", "65535"},
      {"0b1010", "10"},
      {"0B0001_0000", "16"},
      {"0o17", "15"},
      {"18446744073709551615", "18446744073709551615"},
      {"18446744073709551616", "refused"},
      {"0xffff_ffff_ffff_ffff", "18446744073709551615"},
      {"0x1_0000_0000_0000_0000", "refused"},
      {"99999999999999999999999999999999999999999999", "refused"},
      {"", "refused"},
      {"_1", "refused"},
      {"025", "refused"},
      {"0_1", "refused"},
      {"0x", "refused"},
      {"0x_", "refused"},
      {"0b2", "refused"},
      {"0o8", "refused"},
      {"12a", "refused"},
      {"-1", "refused"},
      {"+1", "refused"},
      {" 1", "refused"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(read(row.text) == row.value);
  }
}

TEST_CASE("Integers print in decimal, past 64 bits too") {
  CHECK(to_string(0) == "0");
  CHECK(to_string(kIntegerMin) == "-9223372036854775808");
  CHECK(to_string(kIntegerMax) == "18446744073709551615");
  CHECK(to_string(std::numeric_limits<Integer>::min()) == "-170141183460469231731687303715884105728");
  CHECK(to_string(std::numeric_limits<Integer>::max()) == "170141183460469231731687303715884105727");
}

TEST_CASE("The range is that of s8 and u8 together") {
  CHECK(in_range(kIntegerMin));
  CHECK(in_range(kIntegerMax));
  CHECK_FALSE(in_range(kIntegerMin - 1));
  CHECK_FALSE(in_range(kIntegerMax + 1));
}

}  // namespace
}  // namespace sluice
