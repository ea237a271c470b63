// What fills memory that nobody has written: two patterns, so that a result that depends on it differs between two
// runs. Neither is an address that exists, so that following it faults.
#pragma once

#include <array>
#include <cstdint>

namespace sluice::worker {

inline constexpr std::array<std::uint8_t, 2> kPoisonBytes = {0xA5, 0x5A};
// The same for memory that was freed.
inline constexpr std::array<std::uint8_t, 2> kFreedBytes = {0xDD, 0xD7};

// Also what a little arithmetic or a 32-bit copy leaves of a pattern.
constexpr bool is_pattern(std::uint64_t value, const std::array<std::uint8_t, 2>& bytes) {
  for (const std::uint8_t byte : bytes) {
    const std::uint32_t half = byte * 0x01010101u;
    const auto high = static_cast<std::uint32_t>(value >> 32);
    const auto low = static_cast<std::uint32_t>(value);
    if (high == half || (high == 0 && low - (half - 4096) < 8192)) return true;
  }
  return false;
}
constexpr bool is_poison(std::uint64_t value) { return is_pattern(value, kPoisonBytes); }
constexpr bool is_freed_poison(std::uint64_t value) { return is_pattern(value, kFreedBytes); }
static_assert(is_poison(0xA5A5A5A5A5A5A5A5) && is_poison(0x5A5A5A5A5A5A5AF8) && is_poison(0xA5A5A5AD));
static_assert(!is_poison(0) && !is_poison(0x7F00A5A5A5A5) && !is_poison(0xA5));

}  // namespace sluice::worker
