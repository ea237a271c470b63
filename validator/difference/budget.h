// What comparing may cost. The files are hostile and the walks here are not the machine's, so they are charged here.
#pragma once

#include <cstdint>
#include <optional>

#include "validator/finding/finding.h"
#include "validator/program/walk.h"

namespace sluice::difference {

class Budget {
 public:
  // `content` is the size of all files together; the limits are those of one walk.
  Budget(const program::Limits& limits, std::uint64_t content);

  // False: the limit is reached and `failure()` says which. It stays reached.
  [[nodiscard]] bool step(std::uint64_t steps = 1) {
    if (steps > steps_left_) return stop(FindingId::limit_steps, steps_limit_);
    steps_left_ -= steps;
    return true;
  }
  // Work in proportion to bytes, as the machine counts it.
  [[nodiscard]] bool look_at(std::uint64_t bytes) { return step(1 + bytes / 16); }
  // Memory that is held; `give_back` when it is not any more.
  [[nodiscard]] bool hold(std::uint64_t bytes) {
    if (bytes > memory_left_) return stop(FindingId::limit_memory, memory_limit_);
    memory_left_ -= bytes;
    return true;
  }
  void give_back(std::uint64_t bytes) { memory_left_ += bytes; }

  [[nodiscard]] const std::optional<Finding>& failure() const { return failure_; }

 private:
  bool stop(FindingId id, std::uint64_t limit);

  std::uint64_t steps_limit_;
  std::uint64_t memory_limit_;
  std::uint64_t steps_left_;
  std::uint64_t memory_left_;
  std::optional<Finding> failure_;
};

}  // namespace sluice::difference
