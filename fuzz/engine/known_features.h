// What content has in it, of content that was read: it comes again where a mutation was about something else.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "fuzz/engine/hash.h"

namespace sluice::engine {

class KnownFeatures {
 public:
  // Counts what the content has. False: it is not known, and nothing was counted.
  [[nodiscard]] bool mark(std::span<const std::uint8_t> content, std::span<std::uint8_t> counters) const {
    const auto known = features_.find(hash_of_bytes(content));
    if (known == features_.end()) return false;
    for (const std::uint32_t feature : known->second) counters[feature] = 1;
    return true;
  }

  void add(std::span<const std::uint8_t> content, std::span<const std::uint8_t> counters) {
    const std::size_t hash = hash_of_bytes(content);
    const auto [at, is_new] = features_.try_emplace(hash);
    if (!is_new) return;
    for (std::size_t i = 0; i < counters.size(); ++i) {
      if (counters[i] != 0) at->second.push_back(static_cast<std::uint32_t>(i));
    }
    if (order_.size() < kMost) {
      order_.push_back(hash);
      return;
    }
    features_.erase(order_[next_]);
    order_[next_] = hash;
    next_ = (next_ + 1) % kMost;
  }

 private:
  static constexpr std::size_t kMost = 4096;  // then the oldest are forgotten

  std::unordered_map<std::size_t, std::vector<std::uint32_t>> features_;
  std::vector<std::size_t> order_;
  std::size_t next_ = 0;
};

}  // namespace sluice::engine
