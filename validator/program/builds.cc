#include "validator/program/builds.h"

#include <algorithm>

namespace sluice::program {

namespace {

constexpr std::size_t kDense = 4096;  // types, as many as fit a page or two of cache

}  // namespace

BuildIndex::BuildIndex(const std::vector<BuildFacts>& builds, const std::vector<std::string>& caps)
    : count_(caps.size()) {
  for (const BuildFacts& build : builds) {
    for (const std::string& cap : caps) caps_.push_back(build.caps.at(cap));
  }
  if (builds.empty()) return;
  least_ = most_ = std::vector<Integer>(caps_.begin(), caps_.begin() + static_cast<std::ptrdiff_t>(count_));
  for (std::size_t k = count_; k < caps_.size(); ++k) {
    least_[k % count_] = std::min(least_[k % count_], caps_[k]);
    most_[k % count_] = std::max(most_[k % count_], caps_[k]);
  }
  none_ = 0;
  for (const auto& [type, inputs] : builds.front().supplies) {
    Integer least = inputs;
    for (const BuildFacts& build : builds) {
      const auto at = build.supplies.find(type);
      least = std::min(least, at == build.supplies.end() ? 0 : at->second);
    }
    sparse_[type] = least;
  }
  // A type that the first build does not know is supplied by none to all.
  for (auto at = sparse_.begin(); at != sparse_.end();) {
    if (at->first < 0 || at->first >= static_cast<Integer>(kDense)) {
      ++at;
      continue;
    }
    const auto type = static_cast<std::size_t>(at->first);
    if (type >= dense_.size()) dense_.resize(type + 1, none_);
    dense_[type] = at->second;
    at = sparse_.erase(at);
  }
}

}  // namespace sluice::program
