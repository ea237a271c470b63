#include <fmt/core.h>

#include "validator/bytes/utf8.h"
#include "validator/finding/finding.h"

namespace sluice {
namespace {

// What a terminal obeys, hides or reorders by: C0, DEL and C1 controls, separators, zero-width and bidirectional marks,
// tags, private use and non-characters.
constexpr bool is_deceptive(char32_t c) {
  return c < 0x20 || (0x7F <= c && c <= 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E ||
         (0x200B <= c && c <= 0x200F) || (0x2028 <= c && c <= 0x202F) || (0x2060 <= c && c <= 0x206F) ||
         (0xE000 <= c && c <= 0xF8FF) || c == 0xFEFF || (0xFFF0 <= c && c <= 0xFFFB) || (c & 0xFFFE) == 0xFFFE ||
         (0xFDD0 <= c && c <= 0xFDEF) || c >= 0xE0000;
}

void append_escape(std::string& out, char32_t c) {
  const auto code = static_cast<unsigned>(c);
  switch (c) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    default: break;
  }
  out += c < 0x80 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{{{:x}}}", code);
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit, Quotes quotes) {
  std::string out;
  for (std::size_t kept = 0; !text.empty(); ++kept) {
    if (kept == limit) return out + "... (" + counted(text.size(), "byte") + " more)";
    const bytes::CodePoint point = bytes::first_code_point(text);
    if (point.length == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    const bool is_quote = point.value == '"' || point.value == '\\';
    if ((is_quote && quotes == Quotes::escape) || is_deceptive(point.value)) {
      append_escape(out, point.value);
    } else {
      out += text.substr(0, point.length);
    }
    text.remove_prefix(point.length);
  }
  return out;
}

}  // namespace sluice
