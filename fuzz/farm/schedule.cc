#include "fuzz/farm/schedule.h"

#include <algorithm>
#include <tuple>

namespace sluice::farm {

std::optional<std::size_t> Schedule::next() const {
  std::optional<std::size_t> best;
  const auto rank = [&](std::size_t i) { return std::tuple(lanes_[i].turns != 0, lanes_[i].used, i); };
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const Lane& lane = lanes_[i];
    if (lane.is_left_out || (most_turns_ != 0 && lane.turns >= most_turns_)) continue;
    if (!best || rank(i) < rank(*best)) best = i;
  }
  return best;
}

double Schedule::begin(std::size_t at, double expected) {
  Lane& lane = lanes_[at];
  const double charged = expected / lane.weight();
  ++lane.turns;
  ++lane.running;
  lane.used += charged;
  return charged;
}

void Schedule::end(std::size_t at, double charged, double cost, std::uint64_t blocks, std::uint64_t contents) {
  Lane& lane = lanes_[at];
  --lane.running;
  lane.used += cost / lane.weight() - charged;
  // A new block is worth more than a content that does nothing new but to the counters.
  constexpr double kBlock = 4;
  constexpr double kMuch = 8;
  const double found = kBlock * static_cast<double>(blocks) + static_cast<double>(contents);
  lane.growth = (lane.growth + kMostGrowth * found / (found + kMuch)) / 2;
}

void Schedule::fail(std::size_t at, double charged) {
  Lane& lane = lanes_[at];
  --lane.running;
  --lane.turns;
  lane.used -= charged;
}

std::size_t Schedule::num_waiting() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(lanes_, [](const Lane& lane) { return lane.turns == 0 && !lane.is_left_out; }));
}

}  // namespace sluice::farm
