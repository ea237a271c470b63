#include "fuzz/engine/slowest.h"

#include <algorithm>
#include <ranges>

namespace sluice::engine {

void Slowest::add(const std::string& name, std::uint64_t nanoseconds) {
  if (nanoseconds == 0) return;
  const auto [at, is_first] = all_.try_emplace(name, nanoseconds);
  if (!is_first) at->second = std::min(at->second, nanoseconds);
}

std::vector<Slowest::Timed> Slowest::first(std::size_t count) const {
  std::vector<Timed> all;
  all.reserve(all_.size());
  for (const auto& [name, nanoseconds] : all_) all.push_back({nanoseconds, name});
  std::vector<Timed> found(std::min(count, all.size()));
  std::ranges::partial_sort_copy(all, found, [](const Timed& a, const Timed& b) {
    return a.nanoseconds != b.nanoseconds ? a.nanoseconds > b.nanoseconds : a.name < b.name;
  });
  return found;
}

std::vector<std::string> Slowest::candidates() const {
  std::vector<std::string> names;
  for (Timed& one : first(2 * kMost)) names.push_back(std::move(one.name));
  return names;
}

std::uint64_t Slowest::usual() const {
  if (all_.empty()) return 0;
  std::vector<std::uint64_t> times;
  times.reserve(all_.size());
  for (const std::uint64_t nanoseconds : all_ | std::views::values) times.push_back(nanoseconds);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>((times.size() - 1) / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

}  // namespace sluice::engine
