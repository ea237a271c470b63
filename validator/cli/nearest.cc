#include "validator/cli/nearest.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace sluice::cli {

namespace {

// Levenshtein's distance without case, one row of the table at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same =
          std::tolower(static_cast<unsigned char>(a[i - 1])) == std::tolower(static_cast<unsigned char>(b[j - 1]));
      const std::size_t replaced = diagonal + (same ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kShown = 3;
  constexpr std::size_t kLongest = 64;  // no word of ours is longer
  if (word.size() > kLongest) return {};
  const std::size_t tolerance = word.size() < 4 ? 1 : std::max<std::size_t>(2, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : candidates) {
    const std::size_t edits = distance(word, candidate);
    if (edits <= tolerance) near.emplace_back(edits, candidate);
  }
  std::sort(near.begin(), near.end());
  if (near.size() > kShown) near.resize(kShown);
  std::vector<std::string> words;
  for (auto& [edits, candidate] : near) words.push_back(std::move(candidate));
  return words;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  std::string out;
  for (const std::string& candidate : nearest(word, candidates)) {
    out += (out.empty() ? "; did you mean '" : ", '") + candidate + "'";
  }
  return out.empty() ? out : out + "?";
}

}  // namespace sluice::cli
