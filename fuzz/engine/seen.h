// What counters have come to, by class: 1, 2, 3, 4.., 8.., 16.., 32.., 128.., as libFuzzer tells inputs apart.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sluice::engine {

class Seen {
 public:
  // Takes the counters, which are 0 afterwards. Returns how many have come to a class that they never had.
  std::size_t take(std::span<volatile std::uint8_t> counters) {
    if (classes_.size() < counters.size()) classes_.resize(counters.size());
    std::size_t found = 0;
    for (std::size_t i = 0; i < counters.size(); ++i) {
      const std::uint8_t count = counters[i];
      if (count == 0) continue;
      counters[i] = 0;
      const auto bit = static_cast<std::uint8_t>(1u << class_of(count));
      if ((classes_[i] & bit) != 0) continue;
      classes_[i] |= bit;
      ++found;
    }
    count_ += found;
    return found;
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  static unsigned class_of(std::uint8_t count) {
    if (count < 4) return count - 1u;
    constexpr unsigned kMost = 7;
    if (count >= 128) return kMost;
    return count >= 32 ? kMost - 1 : static_cast<unsigned>(std::bit_width(count));
  }

  std::vector<std::uint8_t> classes_;
  std::size_t count_ = 0;
};

}  // namespace sluice::engine
