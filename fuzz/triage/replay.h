// The cases, run again: what is open is to fault still, what is fixed is not to.
#pragma once

#include <string>
#include <vector>

#include "fuzz/cause/cases.h"
#include "fuzz/triage/targets.h"

namespace sluice::triage {

// What became of one case.
struct Replayed {
  enum class What : std::uint8_t { faults, gone, stays_fixed, returned, cannot };
  What what = What::cannot;
  cause::Case its;
  std::vector<std::string> builds;  // that it faults on now, with the same kind; a regression with any
  std::string problem;              // cannot: why
};

// Asks each case of all builds, what does not fault at once ten times. New ones are left out: nobody has looked at
// them. A regression that faults on a build on which it was not left unfixed has returned, whatever the fault.
[[nodiscard]] std::vector<Replayed> replay(const Targets& targets, const cause::Cases& cases, std::size_t jobs);

// The same of one case.
[[nodiscard]] Replayed replay_one(const Targets& targets, const cause::Case& its, std::size_t jobs);

// A line each, and one for all.
[[nodiscard]] std::string replay_text(const std::vector<Replayed>& replayed);
[[nodiscard]] std::string replay_json(const std::vector<Replayed>& replayed);

// 1: one has returned. 2: one cannot be run, or there is none.
[[nodiscard]] int exit_code_of(const std::vector<Replayed>& replayed);

}  // namespace sluice::triage
