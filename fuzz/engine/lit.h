// Which of many counters were ever set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace sluice::engine {

class Lit {
 public:
  // Whether a counter is set that never was.
  [[nodiscard]] bool has_new(std::span<const std::uint8_t> counters) const {
    return first_new(counters, 0) != counters.size();
  }
  // Returns how many are set that never were.
  std::size_t add(std::span<const std::uint8_t> counters) {
    if (is_lit_.size() < counters.size()) is_lit_.resize(counters.size());
    const std::size_t before = count_;
    for (std::size_t i = first_new(counters, 0); i != counters.size(); i = first_new(counters, i)) {
      is_lit_[i] = 0xFF;
      ++count_;
    }
    return count_ - before;
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  // Most are zero or known: eight at a time.
  [[nodiscard]] std::size_t first_new(std::span<const std::uint8_t> counters, std::size_t from) const {
    const std::size_t known = is_lit_.size() < counters.size() ? is_lit_.size() : counters.size();
    for (; from + 8 <= known; from += 8) {
      std::uint64_t now = 0;
      std::uint64_t before = 0;
      std::memcpy(&now, counters.data() + from, 8);
      std::memcpy(&before, is_lit_.data() + from, 8);
      if ((now & ~before) != 0) break;
    }
    for (; from < counters.size(); ++from) {
      if (counters[from] != 0 && (from >= known || is_lit_[from] == 0)) break;
    }
    return from;
  }

  std::vector<std::uint8_t> is_lit_;  // 0 or 0xFF
  std::size_t count_ = 0;
};

}  // namespace sluice::engine
