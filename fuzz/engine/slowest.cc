#include "fuzz/engine/slowest.h"

#include <algorithm>

namespace sluice::engine {

namespace {

bool is_slower(const Slowest::Timed& a, const Slowest::Timed& b) {
  return a.nanoseconds != b.nanoseconds ? a.nanoseconds > b.nanoseconds : a.name < b.name;
}

}  // namespace

std::vector<Slowest::Timed> Slowest::candidates() const {
  std::vector<Timed> found(std::min(2 * kMost, all_.size()));
  std::ranges::partial_sort_copy(all_, found, is_slower);
  return found;
}

std::uint64_t Slowest::usual() const {
  if (all_.empty()) return 0;
  std::vector<std::uint64_t> times;
  times.reserve(all_.size());
  for (const Timed& one : all_) times.push_back(one.nanoseconds);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>((times.size() - 1) / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

void sort_slowest(std::vector<Slowest::Timed>& all) { std::ranges::sort(all, is_slower); }

}  // namespace sluice::engine
