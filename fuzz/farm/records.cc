#include "fuzz/farm/records.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace sluice::farm {

std::string_view name_of(FaultRecord::State state) {
  switch (state) {
    case FaultRecord::State::open: return "open";
    case FaultRecord::State::fixed: return "fixed";
    case FaultRecord::State::returned: return "returned";
  }
  return "open";
}

std::vector<LaneNight> Records::lanes_of_night() const {
  std::vector<LaneNight> found;
  std::ranges::copy_if(lanes, std::back_inserter(found), [&](const LaneNight& l) { return l.night == night.number; });
  return found;
}

void Records::tame() {
  constexpr std::int64_t kMost = 100'000'000'000'000;
  const auto bound = [&](std::initializer_list<std::int64_t*> numbers) {
    for (std::int64_t* number : numbers) *number = std::clamp<std::int64_t>(*number, 0, kMost);
  };
  const auto bound_night = [&](Night& one) { bound({&one.number, &one.begun, &one.milliseconds, &one.turns}); };
  bound_night(night);
  std::ranges::for_each(nights, bound_night);
  for (LaneNight& one : lanes) {
    bound({&one.night, &one.turns, &one.executions, &one.milliseconds, &one.accepted, &one.faulted, &one.restarts,
           &one.blocks_of_seeds, &one.blocks_covered, &one.blocks_reachable, &one.blocks, &one.corpus, &one.expressible,
           &one.executed, &one.last_new, &one.new_at, &one.failures});
  }
  for (FaultRecord& one : faults) bound({&one.first_night, &one.last_night, &one.since, &one.fixed_night});
  for (DarkRecord& one : dark) bound({&one.first_night});
  for (SlowRecord& one : slow) bound({&one.night, &one.microseconds, &one.usual});
  for (Course& course : courses) {
    for (Point& one : course.points) bound({&one.executions, &one.milliseconds, &one.blocks, &one.corpus});
  }
}

Standing Records::standing_of(const FaultRecord& fault) const {
  using enum FaultRecord::State;
  const bool is_of_night = fault.since == night.number;
  if (fault.state == fixed) return is_of_night ? Standing::fixed : Standing::fixed_before;
  if (fault.is_new(night.number, worker)) return Standing::fresh;
  return fault.state == returned && is_of_night ? Standing::returned : Standing::open;
}

FaultCounts Records::fault_counts() const {
  FaultCounts counts{};
  for (const FaultRecord& fault : faults) ++counts[static_cast<std::size_t>(standing_of(fault))];
  return counts;
}

}  // namespace sluice::farm
