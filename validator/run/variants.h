// One value in several guises: as an input of an event takes it, nearly the same, as long as can be.
#pragma once

#include <optional>
#include <vector>

#include "validator/run/candidates.h"
#include "validator/run/event.h"

namespace sluice::run {

// The candidate as inputs of `kind`, or of every kind that it fits where nobody said which.
[[nodiscard]] std::vector<InputValue> as_inputs(const Candidate& candidate, std::optional<InputKind> kind);

// Something of that kind that nobody looks for.
[[nodiscard]] InputValue plain_value(InputKind kind);

// Text and bytes: empty. Numbers: 0.
[[nodiscard]] InputValue least_value(InputKind kind);

// The last character another one, one character less; or the numbers beside it.
[[nodiscard]] std::vector<InputValue> near(const InputValue& value);

// 4096 characters that begin as `value` does; or the greatest number.
[[nodiscard]] InputValue longest(const InputValue& value);

}  // namespace sluice::run
