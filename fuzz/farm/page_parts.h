// The parts of the farm's page (page.cc puts them together). Whatever they take from outside they take through
// report::html's `text` or `code`.
#pragma once

#include <cstdint>
#include <string>

#include "fuzz/farm/morning.h"
#include "fuzz/farm/page.h"

namespace sluice::farm::page {

// What one page holds; what is past that is counted on it.
inline constexpr std::size_t kMostCards = 30;       // faults with all that is known of each
inline constexpr std::size_t kMostRows = 200;       // of a table
inline constexpr std::size_t kMostTargets = 60;     // with plots
inline constexpr std::size_t kMostLines = 6;        // builds in a plot
inline constexpr std::size_t kMostNights = 60;      // the last
inline constexpr std::size_t kMostNightRows = 240;  // of a target
inline constexpr std::size_t kMostDarkLanes = 60;
inline constexpr std::size_t kMostDarkOfLane = 100;
inline constexpr std::size_t kOldestDark = 10;
inline constexpr std::size_t kMostSlow = 20;

[[nodiscard]] std::string number(std::int64_t value);

// New and returned faults one by one, then open and fixed ones in tables.
[[nodiscard]] std::string faults(const Morning& morning, const PageOptions& options);

// The lanes of the night as a table.
[[nodiscard]] std::string lanes(const Records& records);
// Of each target how it got on over the nights, and in the last.
[[nodiscard]] std::string targets(const Records& records);

[[nodiscard]] std::string dark(const Records& records);
[[nodiscard]] std::string slow(const Records& records);

// The sheet of every page, what a page with commands has beside it, and what this one has.
[[nodiscard]] const std::string& style();

}  // namespace sluice::farm::page
