#include "validator/suppression/glob.h"

#include <vector>

namespace sluice::suppression {

// `row[i]` says whether the pattern read so far matches the first i characters of the text.
bool matches(std::string_view pattern, std::string_view text, std::string_view separators) {
  std::vector<bool> row(text.size() + 1, false);
  row[0] = true;
  while (!pattern.empty()) {
    const bool is_deep = pattern.starts_with("**");
    const char c = pattern[0];
    pattern.remove_prefix(is_deep ? 2 : 1);
    std::vector<bool> next(text.size() + 1, false);
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (c == '*') {
        const bool may_take = i > 0 && next[i - 1] && (is_deep || separators.find(text[i - 1]) == separators.npos);
        next[i] = row[i] || may_take;
      } else if (i > 0 && row[i - 1]) {
        next[i] = c == '?' ? separators.find(text[i - 1]) == separators.npos : c == text[i - 1];
      }
    }
    row = std::move(next);
  }
  return row[text.size()];
}

}  // namespace sluice::suppression
