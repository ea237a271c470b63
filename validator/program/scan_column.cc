// Columns of adjacent records, without a branch on the data.
//
// Two ways. A *lane* way treats the records as one long row of numbers of one width and compares each with the bounds
// of its place in a pattern that repeats every few records; all columns of that width cost one pass over contiguous
// memory, which the compiler turns into vector instructions. What does not lie at a multiple of its width goes the
// *strided* way, column by column.
#include <algorithm>
#include <array>
#include <numeric>
#include <type_traits>

#include "validator/bytes/reader.h"
#include "validator/program/scan_plan.h"

namespace sluice::program {

namespace {

struct Range {
  std::uint64_t low = 0;
  std::uint64_t span = 0;
};

Range range_of(const ScanCheck& c, std::span<const std::uint64_t> bounds) {
  const std::uint64_t span = c.kind == ScanCheck::Kind::bound ? bounds[c.value] : c.span;
  return {c.low, std::min(span, c.field.mask)};
}

template <typename T, bool kBig>
[[gnu::always_inline]] inline T load(const std::uint8_t* from) {
  return kBig ? bytes::load_big<T>(from) : bytes::load_little<T>(from);
}

// --- Strided
// -----------------------------------------------------------------------------------------------------------

template <typename T, bool kBig>
bool column_in_range(const std::uint8_t* from, std::uint64_t stride, std::uint64_t count, Range range) {
  const T low = static_cast<T>(range.low);
  const T span = static_cast<T>(range.span);
  T bad = 0;
  for (std::uint64_t k = 0; k < count; ++k)
    bad |= static_cast<T>(static_cast<T>(load<T, kBig>(from + k * stride) - low) > span);
  return bad == 0;
}

bool column_holds(const ScanCheck& c, const std::uint8_t* from, std::uint64_t stride, std::uint64_t count,
                  std::span<const std::uint64_t> bounds) {
  if (!c.is_range()) {
    for (std::uint64_t k = 0; k < count; ++k) {
      if (!holds(c, from + k * stride, bounds)) return false;
    }
    return true;
  }
  const Range range = range_of(c, bounds);
  const std::uint8_t* at = from + c.field.at;
  switch (c.field.width * 2 + (c.field.big_endian ? 1 : 0)) {
    case 2:
    case 3: return column_in_range<std::uint8_t, false>(at, stride, count, range);
    case 4: return column_in_range<std::uint16_t, false>(at, stride, count, range);
    case 5: return column_in_range<std::uint16_t, true>(at, stride, count, range);
    case 8: return column_in_range<std::uint32_t, false>(at, stride, count, range);
    case 9: return column_in_range<std::uint32_t, true>(at, stride, count, range);
    case 16: return column_in_range<std::uint64_t, false>(at, stride, count, range);
    default: return column_in_range<std::uint64_t, true>(at, stride, count, range);
  }
}

// --- Lanes
// -------------------------------------------------------------------------------------------------------------

constexpr std::size_t kPattern = 1024;       // bytes; a pattern is at least half of it
constexpr std::uint64_t kWorthwhile = 8192;  // bytes of records that pay for making one

// The bounds of all columns of one width and byte order over the records of one pattern.
template <typename T>
struct Lanes {
  alignas(64) std::array<T, kPattern / sizeof(T)> low;
  alignas(64) std::array<T, kPattern / sizeof(T)> span;

  Lanes() {
    low.fill(0);
    span.fill(static_cast<T>(~T{0}));  // any number
  }
};

template <typename T, bool kBig>
[[gnu::always_inline]] inline bool lanes_hold_as(const Lanes<T>& lanes, std::size_t width, const std::uint8_t* from,
                                                 const std::uint8_t* end) {
  T bad = 0;
  while (from != end) {
    const std::size_t count = std::min(width, static_cast<std::size_t>(end - from)) / sizeof(T);
    for (std::size_t k = 0; k < count; ++k)
      bad |= static_cast<T>(static_cast<T>(load<T, kBig>(from + k * sizeof(T)) - lanes.low[k]) > lanes.span[k]);
    from += count * sizeof(T);
  }
  return bad == 0;
}

template <typename T, bool kBig>
bool lanes_hold_anywhere(const Lanes<T>& lanes, std::size_t width, const std::uint8_t* from, const std::uint8_t* end) {
  return lanes_hold_as<T, kBig>(lanes, width, from, end);
}

#if defined(__x86_64__)
template <typename T, bool kBig>
[[gnu::target("avx2")]] bool lanes_hold_avx2(const Lanes<T>& lanes, std::size_t width, const std::uint8_t* from,
                                             const std::uint8_t* end) {
  return lanes_hold_as<T, kBig>(lanes, width, from, end);
}
#endif

template <typename T, bool kBig>
bool lanes_hold(const Lanes<T>& lanes, std::size_t width, const std::uint8_t* from, const std::uint8_t* end) {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  if (has_avx2) return lanes_hold_avx2<T, kBig>(lanes, width, from, end);
#endif
  return lanes_hold_anywhere<T, kBig>(lanes, width, from, end);
}

// How many records the pattern spans, or 0: each record must begin at a multiple of every width.
std::uint64_t records_of_pattern(const ScanPlan& plan) { return plan.fixed > kPattern ? 0 : kPattern / plan.fixed; }

// All checks in lanes of this width and order; true if there is none.
template <typename T, bool kBig>
bool lane_checks_hold(const ScanPlan& plan, const std::uint8_t* from, std::uint64_t count,
                      std::span<const std::uint64_t> bounds) {
  const auto is_mine = [&](const ScanCheck& c) {
    return c.in_lanes && c.field.width == sizeof(T) && (c.field.big_endian == kBig || sizeof(T) == 1);
  };
  if (std::ranges::none_of(plan.checks, is_mine)) return true;
  const std::uint64_t records = records_of_pattern(plan);
  Lanes<T> lanes;
  for (const ScanCheck& c : plan.checks) {
    if (!is_mine(c)) continue;
    const Range range = range_of(c, bounds);
    for (std::uint64_t k = 0; k < records; ++k) {
      const std::size_t lane = (k * plan.fixed + c.field.at) / sizeof(T);
      lanes.low[lane] = static_cast<T>(range.low);
      lanes.span[lane] = static_cast<T>(range.span);
    }
  }
  return lanes_hold<T, kBig>(lanes, records * plan.fixed, from, from + count * plan.fixed);
}

}  // namespace

bool columns_hold(const ScanPlan& plan, const std::uint8_t* from, std::uint64_t count,
                  std::span<const std::uint64_t> bounds) {
  const bool in_lanes = records_of_pattern(plan) > 0 && count * plan.fixed >= kWorthwhile;
  for (const ScanCheck& c : plan.checks) {
    if (in_lanes && c.in_lanes) continue;
    if (!column_holds(c, from, plan.fixed, count, bounds)) return false;
  }
  return !in_lanes || (lane_checks_hold<std::uint8_t, false>(plan, from, count, bounds) &&
                       lane_checks_hold<std::uint16_t, false>(plan, from, count, bounds) &&
                       lane_checks_hold<std::uint16_t, true>(plan, from, count, bounds) &&
                       lane_checks_hold<std::uint32_t, false>(plan, from, count, bounds) &&
                       lane_checks_hold<std::uint32_t, true>(plan, from, count, bounds) &&
                       lane_checks_hold<std::uint64_t, false>(plan, from, count, bounds) &&
                       lane_checks_hold<std::uint64_t, true>(plan, from, count, bounds));
}

}  // namespace sluice::program
