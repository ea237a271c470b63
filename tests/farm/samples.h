// Mornings by hand: for the text, the JSON and the page.
#pragma once

#include <cstdint>

#include "fuzz/farm/morning.h"
#include "fuzz/farm/page.h"

namespace sluice::farm {

// The fourteenth night of a farm with six targets on fifteen builds, twelve faults in every state, and another worker.
// Its first night ended before anything ran.
[[nodiscard]] Morning sample_morning();
// Two targets in a first night: one fault, no plots over nights.
[[nodiscard]] Morning first_morning();
// A night that has just begun, and nothing has run; and no night.
[[nodiscard]] Morning night_begun();
[[nodiscard]] Morning no_night();
// More than a page holds, with the largest numbers.
[[nodiscard]] Morning large_morning();
// Names and sentences that would leave their place on a page if they could; see report::breaking_out_names().
[[nodiscard]] Morning breaking_out_morning();
// The same of random pieces; see report::hostile_run().
[[nodiscard]] Morning hostile_morning(std::uint64_t seed);

[[nodiscard]] PageOptions sample_options();

}  // namespace sluice::farm
