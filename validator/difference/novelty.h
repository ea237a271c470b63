// First uses: what a content file takes for the first time, and no older file ever took. What every machine in the
// field has done before is proven in a way that nothing else is.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "validator/difference/usage.h"

namespace sluice::difference {

// The findings (SL0321 ..) of a file against `known`, in the order of the file. What follows from another first use is
// not told: the cases of a switch on a new value, the values and cases of a field that is there for the first time, the
// fields of a structure that is new as a whole, the inputs of a new template type.
//
// False: as `survey`. Their `file` is `name`; `older` is the number of files that `known` is of.
[[nodiscard]] bool find_first_uses(program::Session& session, const Plan& plan, Budget& budget, const Usage& known,
                                   std::size_t older, const std::string& name, Findings& findings,
                                   std::optional<Finding>& failure);

}  // namespace sluice::difference
