// Which places are one cause (docs/triage.md, "Identity").
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/fault.h"

namespace sluice::cause {

// A fault as another target shows it.
struct Shown {
  std::string kind;
  engine::Step step = engine::Step::load;
  std::string function;

  friend bool operator==(const Shown&, const Shown&) = default;
};

[[nodiscard]] Shown shown_of(const engine::Fault& fault);

// Where one build faults, and what its smallest file does everywhere.
struct Place {
  std::size_t build = 0;
  Shown shown;
  std::string field;                           // to blame, without indices; empty: nobody knows
  std::set<std::string> refusals = {};         // what `check` has against its smallest file
  std::vector<std::vector<Shown>> everywhere;  // by build
};

// The causes: each has the indices of its places, ascending; in the order of their first. Of one build, places with
// the same kind are one if they owe the fault to one field, or `check` has the same against both, or neither knows a
// field and they are in one function and step. What a missing check lets in may do harm at once or later; and what has
// no end uses up the time or the stack. Of two builds, if the smallest file of each makes the other fault with the same
// kind, step and function: one that only one of them falls for is another mistake in the same place.
[[nodiscard]] std::vector<std::vector<std::size_t>> causes_of(std::span<const Place> places);

}  // namespace sluice::cause
