// Findings that say the same, so that it is told once.
#pragma once

#include <string>
#include <vector>

#include "validator/finding/finding.h"

namespace sluice::report {

// What two findings share that say the same of different elements: the id and the path without its indices.
[[nodiscard]] std::string sameness(const Finding& finding);

// Findings that differ by their build only are told once, with what the other builds have to say.
struct Group {
  const Finding* first;
  std::vector<const Finding*> others;
};

// In the order of their first ones. `findings` are aliased.
[[nodiscard]] std::vector<Group> grouped(const std::vector<Finding>& findings);

// A mistake that every record makes is shown for so many of them and counted for the rest.
inline constexpr std::uint64_t kAlikeShown = 5;

}  // namespace sluice::report
