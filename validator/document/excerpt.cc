#include <algorithm>

#include "validator/bytes/utf8.h"
#include "validator/document/document.h"
#include "validator/finding/finding.h"

namespace sluice::document {
namespace {

constexpr std::size_t kBefore = 60;  // bytes shown on each side of the caret
constexpr std::size_t kAfter = 40;

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (std::uint32_t i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::string shown(std::string_view text) { return printable(text, text.size(), Quotes::keep); }

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

}  // namespace

std::string excerpt(std::string_view text, Mark mark) {
  const std::string_view line = line_of(text, mark.line);
  const std::size_t caret = std::min<std::size_t>(mark.column > 0 ? mark.column - 1 : 0, line.size());
  std::size_t begin = caret > kBefore ? caret - kBefore : 0;
  std::size_t end = line.size() - caret > kAfter ? caret + kAfter : line.size();
  while (begin < caret && is_continuation(line[begin])) ++begin;
  while (end < line.size() && end > caret && is_continuation(line[end])) --end;

  const std::string before = (begin > 0 ? "..." : "") + shown(line.substr(begin, caret - begin));
  const std::string after = shown(line.substr(caret, end - caret)) + (end < line.size() ? "..." : "");
  return "  " + before + after + "\n  " + std::string(width(before), ' ') + "^";
}

}  // namespace sluice::document
