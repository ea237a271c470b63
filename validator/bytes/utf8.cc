#include "validator/bytes/utf8.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace sluice::bytes {
namespace {

// The table of well-formed sequences (Unicode 3.9, table 3-7): what the lead byte allows the second byte to be.
struct Lead {
  std::uint8_t first, last;
  std::uint8_t length;
  std::uint8_t second_min, second_max;
};

constexpr std::array<Lead, 8> kLeads = {{
    {0xC2, 0xDF, 2, 0x80, 0xBF},
    {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F},
    {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF},
    {0xF4, 0xF4, 4, 0x80, 0x8F},
}};

CodePoint sequence(std::string_view text, const Lead& lead) {
  if (text.size() < lead.length) return {};
  const auto second = static_cast<std::uint8_t>(text[1]);
  if (second < lead.second_min || second > lead.second_max) return {};
  char32_t value = static_cast<std::uint8_t>(text[0]) & (0x7Fu >> lead.length);
  for (std::size_t i = 1; i < lead.length; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    value = value << 6 | (byte & 0x3Fu);
  }
  return {value, lead.length};
}

bool eight_ascii(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return (word & 0x8080808080808080u) == 0;
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  if (text.empty()) return {};
  const auto byte = static_cast<std::uint8_t>(text[0]);
  if (byte < 0x80) return {byte, 1};
  for (const Lead& lead : kLeads) {
    if (lead.first <= byte && byte <= lead.last) return sequence(text, lead);
  }
  return {};
}

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && eight_ascii(text.data() + at)) {
      at += 8;
      continue;
    }
    const CodePoint point = first_code_point(text.substr(at));
    if (point.length == 0) break;
    at += point.length;
  }
  return at;
}

}  // namespace sluice::bytes
