// The order of values, as the expression language has it.
#pragma once

#include <cstdlib>
#include <optional>

#include "validator/expression/ast.h"
#include "validator/program/value.h"

namespace sluice::program {

// Negative, zero or positive; empty where the two cannot be compared. Bytes and strings compare as unsigned bytes.
[[nodiscard]] std::optional<int> compare(const Value& a, const Value& b);

// Whether `as_integer` means something.
[[nodiscard]] inline bool is_integral(const Value& v) { return v.tag == Tag::integer || v.tag == Tag::enumeration; }

// Whether `a op b`, of a comparison.
template <typename T>
[[nodiscard]] inline bool holds(expression::BinaryOp op, const T& a, const T& b) {
  using expression::BinaryOp;
  switch (op) {
    case BinaryOp::equal: return a == b;
    case BinaryOp::not_equal: return a != b;
    case BinaryOp::less: return a < b;
    case BinaryOp::less_equal: return a <= b;
    case BinaryOp::greater: return a > b;
    case BinaryOp::greater_equal: return a >= b;
    default: std::abort();
  }
}

// Of an integer or a floating value.
[[nodiscard]] double to_double(const Value& value);

}  // namespace sluice::program
