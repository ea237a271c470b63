#include <catch2/catch.hpp>

#include "fuzz/reference/sensor.h"
#include "tests/reference/naive.h"

namespace sluice {

namespace {

bool sensor_says(const std::string& pattern, const std::u32string& text, std::uint32_t fuel = SENSOR_FUEL) {
  std::vector<std::uint16_t> units(text.begin(), text.end());
  const sensor_value value{SENSOR_TEXT, 2, static_cast<std::uint32_t>(units.size()), {units.data()}};
  return sensor_regex_matches(reinterpret_cast<const std::uint8_t*>(pattern.data()),
                              static_cast<std::uint32_t>(pattern.size()), &value, &fuel);
}

// All strings over an alphabet, up to a length.
template <typename String>
std::vector<String> strings_over(const String& alphabet, std::size_t longest) {
  std::vector<String> all{String{}};
  for (std::size_t begin = 0, length = 1; length <= longest; length++) {
    const std::size_t end = all.size();
    for (; begin < end; begin++) {
      for (const auto c : alphabet) all.push_back(all[begin] + c);
    }
  }
  return all;
}

}  // namespace

TEST_CASE("every small pattern means to the sensor what it means to the obvious twin") {
  const auto texts = strings_over<std::u32string>(U"ab-", 4);
  std::vector<std::string> disagreements;
  for (const std::string& pattern : strings_over<std::string>("ab.*+?^$[]-\\", 4)) {
    for (const std::u32string& text : texts) {
      if (sensor_says(pattern, text) == naive::regex_matches(pattern, text)) continue;
      disagreements.push_back(pattern + " on " + std::string(text.begin(), text.end()));
    }
  }
  if (disagreements.size() > 10) disagreements.resize(10);
  CHECK(disagreements.empty());
  for (const std::string& disagreement : disagreements) WARN(disagreement);
}

TEST_CASE("patterns and what they match") {
  struct Row {
    const char* pattern;
    const char32_t* text;
    bool matches;
  };
  const Row rows[] = {
      {"-enc[a-z]* ", U"powershell -encodedcommand AAAA", true},
      {"-enc[a-z]* ", U"powershell -ENC AAAA", false},
      {"^C:\\\\Temp", U"C:\\Temp\\a.exe", true},
      {"^C:\\\\Temp", U" C:\\Temp\\a.exe", false},
      {"\\.sys$", U"driver.sys", true},
      {"\\.sys$", U"driver.sys.bak", false},
      {"\\.sys$", U"driver-sys", false},
      {"a\\$", U"a$b", true},
      {"a\\\\$", U"a\\", true},
      {"^$", U"", true},
      {"^$", U"x", false},
      {"$", U"x", true},
      {"*", U"a*b", true},
      {"*", U"ab", false},
      {"[^a-z]", U"abcD", true},
      {"[^a-z]", U"abcd", false},
      {"[z-a]", U"m", false},
      {"[]x]", U"]", true},
      {"[a", U"x[a", true},
      {"[a\\]b]+$", U"a]", true},
      {"a\\", U"a\\", true},
      {".", U"\u20ac", true},
      {"[^a]", U"\u20ac", true},
      {"[\\x-~]", U"\u20ac", false},
      {"a(b", U"ab", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CHECK(sensor_says(row.pattern, row.text) == row.matches);
  }
}

TEST_CASE("the longest pattern has room, and one more character has not") {
  const auto is_valid = [](const std::string& pattern) {
    return sensor_regex_is_valid(reinterpret_cast<const std::uint8_t*>(pattern.data()),
                                 static_cast<std::uint32_t>(pattern.size()));
  };
  const std::string longest(SENSOR_MAX_REGEX, 'a');
  CHECK(is_valid(longest));
  CHECK_FALSE(is_valid(longest + "a"));
  CHECK_FALSE(is_valid(""));
  CHECK_FALSE(is_valid("a(b"));
  CHECK_FALSE(is_valid("a{2}"));
  CHECK_FALSE(is_valid("a\n"));
  CHECK_FALSE(is_valid("caf\xe9"));
  CHECK(sensor_says(longest, std::u32string(SENSOR_MAX_REGEX, U'a')));
  CHECK_FALSE(sensor_says(longest, std::u32string(SENSOR_MAX_REGEX - 1, U'a')));
}

TEST_CASE("a pattern that makes others backtrack costs the length of the text") {
  std::string pattern = "^";
  for (int i = 0; i < 100; i++) pattern += "a?";
  pattern += "b$";
  CHECK(sensor_says(pattern, std::u32string(100, U'a') + U"b"));
  CHECK_FALSE(sensor_says(pattern, std::u32string(100, U'a')));
}

TEST_CASE("without fuel nothing matches") {
  CHECK(sensor_says("ab", U"xxab", 20));
  CHECK_FALSE(sensor_says("ab", U"xxab", 3));
}

}  // namespace sluice
