// The events that a file is judged by.
#pragma once

#include <vector>

#include "validator/run/search.h"

namespace sluice::run {

// For each criterion: what it may be looking for, what is nearly that, nothing, and the longest there is, each with
// values before it that were found to match. For an instance that reads nothing, events of its type. Each event once.
// `cut`: how many more there would be; what is cut is not looked at twice, and may be counted so.
[[nodiscard]] std::vector<Asked> events_for(const std::vector<Attempt>& attempts, const Shapes& shapes, Values& values,
                                            std::uint64_t& cut);

// For content of which nothing is known: events of every type with plain, absent, least and longest inputs.
[[nodiscard]] std::vector<Asked> generic_events(const Shapes& shapes, Values& values);

}  // namespace sluice::run
