// Features for libFuzzer that no block of code stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice::engine {

inline constexpr std::size_t kDepths = 256;

// Criteria by their number in an instance, that a driver came to.
std::span<volatile std::uint8_t> depth_counters();
// How an execution ended, by a small number.
std::span<volatile std::uint8_t> end_counters();

}  // namespace sluice::engine
