#include "validator/expression/check.h"

namespace sluice::expression {
namespace {

std::optional<Integer> ranged(Integer value) {
  if (!in_range(value)) return std::nullopt;
  return value;
}

std::optional<Integer> floor_divide(Integer a, Integer b) {
  if (b == 0) return std::nullopt;
  const bool rounds_up = a % b != 0 && (a < 0) != (b < 0);
  return ranged(a / b - (rounds_up ? 1 : 0));
}

std::optional<Integer> floor_modulo(Integer a, Integer b) {
  if (b <= 0) return std::nullopt;
  return (a % b + b) % b;
}

std::optional<Integer> multiply(Integer a, Integer b) {
  Integer product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return ranged(product);
}

std::optional<Integer> shift(Integer a, Integer count, bool left) {
  if (count < 0 || count > 63) return std::nullopt;
  const Integer factor = Integer{1} << static_cast<int>(count);
  return left ? multiply(a, factor) : ranged(a >> static_cast<int>(count));
}

// Operands in range make every 128-bit intermediate exact, but for the product.
std::optional<Integer> apply(BinaryOp op, Integer a, Integer b) {
  switch (op) {
    case BinaryOp::add: return ranged(a + b);
    case BinaryOp::subtract: return ranged(a - b);
    case BinaryOp::multiply: return multiply(a, b);
    case BinaryOp::divide: return floor_divide(a, b);
    case BinaryOp::modulo: return floor_modulo(a, b);
    case BinaryOp::bit_and: return ranged(a & b);
    case BinaryOp::bit_or: return ranged(a | b);
    case BinaryOp::bit_xor: return ranged(a ^ b);
    case BinaryOp::shift_left: return shift(a, b, true);
    case BinaryOp::shift_right: return shift(a, b, false);
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<Integer> constant_integer(const Expr& expr) {
  if (expr.binding.kind == Binding::Kind::size_of) return expr.binding.size;
  switch (expr.kind) {
    case ExprKind::integer: return expr.value;
    case ExprKind::enum_label:
      if (!expr.type.is(TypeKind::enumeration)) return std::nullopt;
      return expr.value;
    case ExprKind::unary: {
      const std::optional<Integer> operand = constant_integer(*expr.children[0]);
      if (!operand || expr.unary_op == UnaryOp::logical_not) return std::nullopt;
      return ranged(expr.unary_op == UnaryOp::negate ? -*operand : ~*operand);
    }
    case ExprKind::binary: {
      const std::optional<Integer> a = constant_integer(*expr.children[0]);
      const std::optional<Integer> b = a ? constant_integer(*expr.children[1]) : std::nullopt;
      if (!b) return std::nullopt;
      return apply(expr.binary_op, *a, *b);
    }
    default: return std::nullopt;
  }
}

}  // namespace sluice::expression
