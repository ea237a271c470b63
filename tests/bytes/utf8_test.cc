#include "validator/bytes/utf8.h"

#include <catch2/catch.hpp>

#include <string>

namespace sluice::bytes {
namespace {

// An encoder without any check, to be the other opinion.
std::string encode(char32_t c, int length) {
  std::string out;
  for (int i = 1; i < length; ++i, c >>= 6) out.insert(out.begin(), static_cast<char>(0x80 | (c & 0x3F)));
  const unsigned lead = length == 1 ? 0 : 0xFF00u >> length & 0xFF;
  out.insert(out.begin(), static_cast<char>(lead | static_cast<unsigned>(c)));
  return out;
}

TEST_CASE("every code point in every length: the shortest form alone is UTF-8") {
  std::size_t wrong = 0;
  for (char32_t c = 0; c < 0x120000; ++c) {
    const int shortest = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (int length = shortest; length <= 4; ++length) {
      const bool is_good = length == shortest && c <= 0x10FFFF && !(0xD800 <= c && c <= 0xDFFF);
      const CodePoint point = first_code_point(encode(c, length));
      const bool agrees =
          is_good ? point.length == static_cast<std::size_t>(length) && point.value == c : point.length == 0;
      if (!agrees) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("the valid prefix of a text") {
  struct Row {
    std::string_view text;
    std::size_t valid;
  };
  const Row rows[] = {
      {"", 0},
      {"abc", 3},
      {"0123456789abcdef", 16},
      {"0123456789\xFF", 10},
      {"\xC3\xA4\xC3", 2},
      {"01234567\xE2\x82\xAC\xE2\x82", 11},
      {"\x80", 0},
      {"\xF5\x80\x80\x80", 0},
  };
  for (const Row& row : rows) CHECK(valid_utf8_prefix(row.text) == row.valid);
}

}  // namespace
}  // namespace sluice::bytes
