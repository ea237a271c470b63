// What a misspelt word was meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::cli {

// Of `candidates` up to three that are few edits away from `word`, the nearest first.
[[nodiscard]] std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

// `; did you mean 'check'?`, or nothing.
[[nodiscard]] std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace sluice::cli
