// Which blocks of images ran, over all workers and files.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <span>
#include <vector>

namespace sluice::run {

// For all threads.
class BlockHits {
 public:
  explicit BlockHits(std::size_t num_targets) : hit_(num_targets) {}

  void add(std::size_t target, std::span<const std::uint32_t> offsets) {
    const std::lock_guard lock(mutex_);
    hit_[target].insert(offsets.begin(), offsets.end());
  }
  // Rising offsets in the image.
  [[nodiscard]] std::vector<std::uint32_t> of(std::size_t target) {
    const std::lock_guard lock(mutex_);
    return {hit_[target].begin(), hit_[target].end()};
  }

 private:
  std::mutex mutex_;
  std::vector<std::set<std::uint32_t>> hit_;
};

}  // namespace sluice::run
