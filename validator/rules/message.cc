// Messages: text with {expressions}. Two braces are one brace.
#include <fmt/core.h>

#include "validator/rules/loader.h"

namespace sluice::rules {

namespace {

// The end of the expression that begins at `at`: the brace that closes it, or npos. Braces within text do not count.
std::size_t closing_brace(std::string_view text, std::size_t at) {
  std::size_t depth = 1;
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == '\\' && quote == '"') ++at;
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::vector<schema::MessagePart> load_message(Loader& loader, const KsyNode& node, const RuleScope::Names& names) {
  std::vector<schema::MessagePart> parts;
  const auto text = schema::read_text(node, loader.problems);
  if (!text) return parts;
  std::string before;
  for (std::size_t at = 0; at < text->size(); ++at) {
    const char c = (*text)[at];
    const bool is_doubled = at + 1 < text->size() && (*text)[at + 1] == c;
    if ((c == '{' || c == '}') && is_doubled) {
      before += c;
      ++at;
    } else if (c == '}') {
      loader.problems.error(node.place(), "a `}` that closes nothing; write `}}` for a brace");
      return parts;
    } else if (c == '{') {
      const std::size_t end = closing_brace(*text, at + 1);
      if (end == std::string_view::npos) {
        loader.problems.error(node.place(), "a `{` that nothing closes; write `{{` for a brace");
        return parts;
      }
      Expression value =
          parse_and_bind(loader, text->substr(at + 1, end - at - 1), node.place(), names, Wanted::printable);
      if (!value) return parts;
      parts.push_back({std::move(before), std::move(value)});
      before.clear();
      at = end;
    } else {
      before += c;
    }
  }
  parts.push_back({std::move(before), {}});
  return parts;
}

}  // namespace sluice::rules
