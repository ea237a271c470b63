// A schema and its rules, compiled for those who judge content and for those who look at it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validator/contract/driver.h"
#include "validator/difference/plan.h"
#include "validator/program/program.h"
#include "validator/schema/schema.h"

namespace sluice::judge {

[[nodiscard]] std::vector<program::BuildFacts> facts_of(const contract::Driver& driver,
                                                        const std::vector<std::size_t>& builds);

// Whether the rules say something of builds (`uses`, or a rule with `build`).
[[nodiscard]] bool says_something_of_builds(const schema::Schema& schema);

// The builds of `driver` that are still supported and not among `builds`.
[[nodiscard]] std::vector<std::string> left_out(const contract::Driver& driver, const std::vector<std::size_t>& builds);

// The schema is aliased and must outlive it.
struct TreeProgram {
  program::Program program;  // with everything kept
  difference::Plan plan;

  static TreeProgram of(const schema::Schema& schema, const std::vector<program::BuildFacts>& builds);
};

}  // namespace sluice::judge
