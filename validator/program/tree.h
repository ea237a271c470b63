// A walk over what has been read, with everything kept: for trees that people look at and for judging instances last.
#pragma once

#include <functional>

#include "validator/program/machine.h"

namespace sluice::program {

// Evaluates every instance and assertion, outermost structure last, in the order of a depth-first dump. Their findings
// go to the machine's. False if a limit ended it.
[[nodiscard]] bool force_everything(Machine& machine);

// Judges the rules over all that was kept; their findings go to the machine's. False if a limit ended it.
[[nodiscard]] bool judge_rules(Machine& machine);

// The value of one member for a reader of the tree: instances are evaluated on the way. Empty: it failed, and the
// machine's failure() says how.
[[nodiscard]] std::optional<Value> member_value(Machine& machine, Object* object, std::uint32_t member);

}  // namespace sluice::program
