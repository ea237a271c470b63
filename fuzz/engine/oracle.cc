#include "fuzz/engine/oracle.h"

#include <algorithm>

namespace sluice::engine {

bool has_fault(const Observation& observation, std::uint64_t hash) {
  return std::ranges::any_of(observation.faults, [&](const Fault& fault) { return hash_of(fault) == hash; });
}

}  // namespace sluice::engine
