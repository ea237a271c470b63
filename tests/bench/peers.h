// What sluice is measured against: programs that know the channel's layout, judge the same things and keep nothing.
#pragma once

#include <cstdint>
#include <span>

namespace sluice::bench {

// By hand: what a careful person writes in C, each bound checked.
[[nodiscard]] bool check_by_hand(std::span<const std::uint8_t> content);

// The shortest interpreter that can do it: one switch over instructions made for this layout, with a budget of steps
// and no more: no findings, no expressions, no instances.
[[nodiscard]] bool check_by_toy(std::span<const std::uint8_t> content);

}  // namespace sluice::bench
