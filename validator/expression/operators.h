// The operators as one table. Private to this room.
#pragma once

#include <cstddef>
#include <string_view>

#include "validator/expression/ast.h"

namespace sluice::expression {

// From the loosest to the tightest. `not` takes one operand; the others are binary and associate to the left, but
// comparisons do not chain.
enum class Level : std::uint8_t {
  lowest,
  logical_or,
  logical_and,
  logical_not,
  comparison,
  bit_or,
  bit_xor,
  bit_and,
  shift,
  sum,
  product,
  unary,
};

struct BinaryOperator {
  BinaryOp op;
  std::string_view symbol;
  std::string_view name;  // in the messages of the compiler of record
  Level level;
};

// In the order of BinaryOp.
inline constexpr BinaryOperator kBinaryOperators[] = {
    {BinaryOp::add, "+", "Add", Level::sum},
    {BinaryOp::subtract, "-", "Sub", Level::sum},
    {BinaryOp::multiply, "*", "Mult", Level::product},
    {BinaryOp::divide, "/", "Div", Level::product},
    {BinaryOp::modulo, "%", "Mod", Level::product},
    {BinaryOp::bit_and, "&", "BitAnd", Level::bit_and},
    {BinaryOp::bit_or, "|", "BitOr", Level::bit_or},
    {BinaryOp::bit_xor, "^", "BitXor", Level::bit_xor},
    {BinaryOp::shift_left, "<<", "LShift", Level::shift},
    {BinaryOp::shift_right, ">>", "RShift", Level::shift},
    {BinaryOp::equal, "==", "Eq", Level::comparison},
    {BinaryOp::not_equal, "!=", "NotEq", Level::comparison},
    {BinaryOp::less, "<", "Lt", Level::comparison},
    {BinaryOp::less_equal, "<=", "LtE", Level::comparison},
    {BinaryOp::greater, ">", "Gt", Level::comparison},
    {BinaryOp::greater_equal, ">=", "GtE", Level::comparison},
    {BinaryOp::logical_and, "and", "And", Level::logical_and},
    {BinaryOp::logical_or, "or", "Or", Level::logical_or},
};

struct UnaryOperator {
  UnaryOp op;
  std::string_view symbol;
  std::string_view name;
};
inline constexpr UnaryOperator kUnaryOperators[] = {
    {UnaryOp::negate, "-", "Minus"},
    {UnaryOp::invert, "~", "Invert"},
    {UnaryOp::logical_not, "not", "Not"},
};

template <typename Table>
constexpr bool in_order_of_op(const Table& table) {
  std::size_t index = 0;
  for (const auto& row : table) {
    if (static_cast<std::size_t>(row.op) != index++) return false;
  }
  return true;
}
static_assert(in_order_of_op(kBinaryOperators) && in_order_of_op(kUnaryOperators));

constexpr const BinaryOperator& row_of(BinaryOp op) { return kBinaryOperators[static_cast<std::size_t>(op)]; }
constexpr const UnaryOperator& row_of(UnaryOp op) { return kUnaryOperators[static_cast<std::size_t>(op)]; }

}  // namespace sluice::expression
