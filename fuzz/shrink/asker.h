// Asks whether inputs show a fault: each input once, and within limits.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <unordered_map>

#include "fuzz/shrink/shrink.h"

namespace sluice::shrink {

class Asker {
 public:
  // `shows` is aliased.
  Asker(const Shows& shows, const ShrinkLimits& limits);

  // False: it does not, or there was no try left to find out.
  [[nodiscard]] bool shows(std::span<const std::uint8_t> input);
  // Whether it was asked before, and does not.
  [[nodiscard]] bool is_known_not(std::span<const std::uint8_t> input) const;

  [[nodiscard]] bool is_over() const;
  // What was kept back of the limits may be used, too.
  void use_reserve() { reserve_ = 0; }
  [[nodiscard]] std::uint32_t tries() const { return tries_; }

 private:
  const Shows& shows_;
  ShrinkLimits limits_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::uint32_t reserve_ = 8;  // one part in so many; 0: none
  std::uint32_t tries_ = 0;
  std::unordered_map<std::uint64_t, bool> answers_;  // by the hash of the input
};

}  // namespace sluice::shrink
