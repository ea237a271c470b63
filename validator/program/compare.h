// The order of values, as the expression language has it.
#pragma once

#include <optional>

#include "validator/program/value.h"

namespace sluice::program {

// Negative, zero or positive; empty where the two cannot be compared. Bytes and strings compare as unsigned bytes.
[[nodiscard]] std::optional<int> compare(const Value& a, const Value& b);

// Of an integer or a floating value.
[[nodiscard]] double to_double(const Value& value);

}  // namespace sluice::program
