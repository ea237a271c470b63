// What was found out about a file on a build, as findings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validator/finding/finding.h"
#include "validator/run/blame.h"
#include "validator/run/drift.h"
#include "validator/run/evaluation.h"
#include "validator/run/shape.h"
#include "validator/run/symbolizer.h"
#include "validator/run/uses.h"

namespace sluice::run {

// How much of the file was evaluated, of what is meant to be.
struct Coverage {
  std::uint64_t instances = 0;
  std::uint64_t evaluated = 0;
  std::uint64_t criteria = 0;
  std::uint64_t dereferenced = 0;
};

// All is aliased.
struct Told {
  const std::string& file;
  const std::string& build;
  const std::string& target;  // the path of the driver
  const Uses& uses;
  const Shapes& shapes;
  const Values& values;
  Symbolizer& symbolizer;
  bool is_accepted = false;   // the validator accepts the file for the build
  bool is_replica = true;     // what is of interest is its source, and not its instructions
  bool asks_coverage = true;  // the events were made to come to everything
  std::optional<Drift> drift = {};
  const Blame* blame = nullptr;     // for faults that no criterion is to blame for; may be null
  const SeenFault* seen = nullptr;  // where there is no fault; may be null
};

// Whether it is a fault of the driver.
[[nodiscard]] bool is_fault(FindingId id);

// The worst first: an escape, then faults, then the rest.
[[nodiscard]] std::vector<Finding> tell(const Outcome& outcome, const Told& told);

[[nodiscard]] Coverage coverage_of(const Outcome& outcome, const Uses& uses);

}  // namespace sluice::run
