// What one input does to one target: the question that triage asks thousands of times.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/engine/fault.h"

namespace sluice::engine {

struct Observation {
  bool is_accepted = false;   // the driver has loaded content of it
  std::vector<Fault> faults;  // in the order in which they came about; each place once
};

// Whether one of the faults is at the same place of the same target, with the same kind and role of memory:
// hash_of.
[[nodiscard]] bool has_fault(const Observation& observation, std::uint64_t hash);

class Oracle {
 public:
  virtual ~Oracle() = default;

  // Runs an input, a container (docs/fuzz-input.md) or plain content, with the events that are for all content.
  // `explores`: then also with those that come to what its content looks for, which takes longer.
  // A target that does not come back is a fault of the kind "timeout", "signal-SEGV", ..; what could not be run at all
  // does nothing: no fault, not accepted.
  virtual Observation run(std::span<const std::uint8_t> input, bool explores) = 0;
};

}  // namespace sluice::engine
