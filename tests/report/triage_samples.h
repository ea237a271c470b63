// What triage made of faults, by hand: for the writers and for the page.
#pragma once

#include <cstdint>

#include "validator/report/triage.h"

namespace sluice::report {

// That of 2024-07-19 as a new fault, one that returned, one that seldom comes and of which little is known, one that is
// kept out, and files of which nothing came.
[[nodiscard]] Triage triage_sample();

// One fault in a driver without symbols or contract: Wine's hidparse.sys.
[[nodiscard]] Triage triage_of_hidparse();

[[nodiscard]] Triage triage_of_nothing();

// 200 faults with all that the sample has, and long paths.
[[nodiscard]] Triage large_triage();

// Names, values, code and patches that would leave their place on a page if they could; see breaking_out_run().
[[nodiscard]] Triage breaking_out_triage();

// The same of random pieces; see hostile_run().
[[nodiscard]] Triage hostile_triage(std::uint64_t seed);

}  // namespace sluice::report
