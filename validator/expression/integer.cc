#include "validator/expression/integer.h"

#include <algorithm>

namespace sluice {
namespace {

struct Radix {
  std::string_view prefix;
  int base;
};
constexpr Radix kRadixes[] = {{"0x", 16}, {"0X", 16}, {"0b", 2}, {"0B", 2}, {"0o", 8}, {"0O", 8}};

// The value of a digit, or 99 for what is none.
constexpr int digit_value(char c) {
  if ('0' <= c && c <= '9') return c - '0';
  if ('a' <= c && c <= 'f') return c - 'a' + 10;
  if ('A' <= c && c <= 'F') return c - 'A' + 10;
  return 99;
}

}  // namespace

std::string to_string(Integer value) {
  auto rest = static_cast<UnsignedInteger>(value);
  if (value < 0) rest = 0 - rest;
  std::string text;
  do {
    text.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (value < 0) text.push_back('-');
  std::reverse(text.begin(), text.end());
  return text;
}

std::optional<Integer> parse_integer_literal(std::string_view text) {
  int base = 10;
  for (const Radix& radix : kRadixes) {
    if (text.starts_with(radix.prefix)) base = radix.base;
  }
  if (base != 10) {
    text.remove_prefix(2);
  } else if (text.starts_with('_') || (text.starts_with('0') && text.size() > 1)) {
    return std::nullopt;
  }
  Integer value = 0;
  bool any_digit = false;
  for (const char c : text) {
    if (c == '_') continue;
    const int digit = digit_value(c);
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
    if (value > kIntegerMax) return std::nullopt;
    any_digit = true;
  }
  if (!any_digit) return std::nullopt;
  return value;
}

}  // namespace sluice
