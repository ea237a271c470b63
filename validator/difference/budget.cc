#include "validator/difference/budget.h"

namespace sluice::difference {

Budget::Budget(const program::Limits& limits, std::uint64_t content)
    : steps_limit_(limits.steps != 0 ? limits.steps : 16'000'000 + 256 * content),
      memory_limit_(limits.memory),
      steps_left_(steps_limit_),
      memory_left_(memory_limit_) {}

bool Budget::stop(FindingId id, std::uint64_t limit) {
  if (!failure_) failure_ = Finding::of(id).with("limit", std::to_string(limit));
  steps_left_ = 0;
  memory_left_ = 0;
  return false;
}

}  // namespace sluice::difference
