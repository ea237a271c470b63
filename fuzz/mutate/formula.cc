#include "fuzz/mutate/formula.h"

#include <algorithm>

namespace sluice::mutate {

using expression::BinaryOp;
using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using expression::Method;
using expression::UnaryOp;

Formula::Formula(const Format& format, const schema::Expression& expression) {
  if (!expression) return;
  add(format, *expression.expr);
  is_plain_ = std::ranges::none_of(terms_, [&](const Term& t) {
    const bool is_parameter = t.op == TermOp::member && format.site(t.site).member->role == schema::Role::parameter;
    return is_parameter || t.op == TermOp::nothing || t.op == TermOp::text || t.op == TermOp::length;
  });
  std::ranges::sort(reads_);
  const auto again = std::ranges::unique(reads_);
  reads_.erase(again.begin(), again.end());
}

std::uint32_t Formula::put(Term term) {
  terms_.push_back(term);
  return whole();
}

std::uint32_t Formula::put_text(std::string text) {
  texts_.push_back(std::move(text));
  return put({.op = TermOp::text, .text = static_cast<std::uint32_t>(texts_.size() - 1)});
}

std::optional<Integer> Formula::constant() const {
  if (terms_.empty()) return std::nullopt;
  const Term& t = terms_.back();
  if (t.op == TermOp::constant) return t.value;
  if (t.op == TermOp::negate && terms_[t.a].op == TermOp::constant) return -terms_[t.a].value;
  return std::nullopt;
}

// The receiver of an attribute, or the structure itself where a name has none.
std::uint32_t Formula::add_operand(const Format& format, const Expr& e) {
  return e.kind == ExprKind::name ? put({.op = TermOp::self}) : add(format, *e.children[0]);
}

std::uint32_t Formula::add(const Format& format, const Expr& e) {
  switch (e.kind) {
    case ExprKind::integer:
    case ExprKind::boolean:
    case ExprKind::enum_label: return put({.op = TermOp::constant, .value = e.value});
    case ExprKind::size_of_type: return put({.op = TermOp::constant, .value = e.binding.size});
    case ExprKind::string: return put_text(e.text);
    case ExprKind::array: {
      std::string text;
      for (const auto& child : e.children) {
        if (child->kind != ExprKind::integer || child->value < 0 || child->value > 0xFF) return put({});
        text += static_cast<char>(child->value);
      }
      return put_text(std::move(text));
    }
    case ExprKind::unary: {
      const std::uint32_t a = add(format, *e.children[0]);
      const TermOp op = e.unary_op == UnaryOp::negate   ? TermOp::negate
                        : e.unary_op == UnaryOp::invert ? TermOp::invert
                                                        : TermOp::logical_not;
      return put({.op = op, .a = a});
    }
    case ExprKind::binary: {
      const std::uint32_t a = add(format, *e.children[0]);
      const std::uint32_t b = add(format, *e.children[1]);
      return put({.op = TermOp::binary, .binary = e.binary_op, .a = a, .b = b});
    }
    case ExprKind::conditional: {
      const std::uint32_t a = add(format, *e.children[0]);
      const std::uint32_t b = add(format, *e.children[1]);
      const std::uint32_t c = add(format, *e.children[2]);
      return put({.op = TermOp::conditional, .a = a, .b = b, .c = c});
    }
    case ExprKind::subscript: {
      const std::uint32_t a = add(format, *e.children[0]);
      const std::uint32_t b = add(format, *e.children[1]);
      return put({.op = TermOp::subscript, .a = a, .b = b});
    }
    case ExprKind::cast: {
      const std::uint32_t a = add(format, *e.children[0]);
      if (!e.type.is(expression::TypeKind::structure) || e.type.type_id == schema::kNoType) return a;
      return put({.op = TermOp::cast, .a = a, .site = e.type.type_id});
    }
    case ExprKind::name:
    case ExprKind::attribute:
    case ExprKind::call: break;
    default: return put({});
  }
  switch (e.binding.kind) {
    case Binding::Kind::member: {
      const SiteId site = format.site_of(e.binding.owner, e.binding.index);
      reads_.push_back(site);
      const std::uint32_t a = add_operand(format, e);
      const schema::Role role = format.site(site).member->role;
      const bool is_read = role == schema::Role::sequence || role == schema::Role::parse_instance;
      return put({.op = TermOp::member, .a = a, .site = site, .owner = format.site(site).owner, .is_read = is_read});
    }
    case Binding::Kind::root: return put({.op = TermOp::root, .a = add_operand(format, e)});
    case Binding::Kind::parent: return put({.op = TermOp::parent, .a = add_operand(format, e)});
    case Binding::Kind::io: return put({.op = TermOp::stream, .a = add_operand(format, e)});
    case Binding::Kind::index: return put({.op = TermOp::index});
    case Binding::Kind::element: return put({.op = TermOp::element});
    case Binding::Kind::top: return put({.op = TermOp::top});
    case Binding::Kind::size_of: return put({.op = TermOp::constant, .value = e.binding.size});
    default: break;
  }
  if (e.children.empty()) return put({});
  const std::uint32_t a = add(format, *e.children[0]);
  const bool is_stream = e.children[0]->type.is(expression::TypeKind::stream);
  switch (e.method) {
    case Method::size:
      reads_stream_ |= is_stream;
      return put({.op = is_stream ? TermOp::stream_size : TermOp::count, .a = a});
    case Method::length: return put({.op = TermOp::length, .a = a});
    case Method::first: return put({.op = TermOp::first, .a = a});
    case Method::last: return put({.op = TermOp::last, .a = a});
    case Method::to_i: {
      const auto kind = e.children[0]->type.kind;
      const bool is_number = kind == expression::TypeKind::enumeration || kind == expression::TypeKind::boolean ||
                             kind == expression::TypeKind::integer;
      return is_number && e.children.size() == 1 ? a : put({});
    }
    default: return put({});
  }
}

std::optional<Integer> apply(BinaryOp op, Integer x, Integer y) {
  Integer result = 0;
  switch (op) {
    case BinaryOp::add: result = x + y; break;
    case BinaryOp::subtract: result = x - y; break;
    case BinaryOp::multiply:
      if (__builtin_mul_overflow(x, y, &result)) return std::nullopt;
      break;
    case BinaryOp::divide:
      if (y == 0) return std::nullopt;
      result = x / y;
      if (x % y != 0 && (x < 0) != (y < 0)) --result;
      break;
    case BinaryOp::modulo:
      if (y <= 0) return std::nullopt;
      result = x % y;
      if (result < 0) result += y;
      break;
    case BinaryOp::bit_and: result = x & y; break;
    case BinaryOp::bit_or: result = x | y; break;
    case BinaryOp::bit_xor: result = x ^ y; break;
    case BinaryOp::shift_left:
      if (y < 0 || y > 63) return std::nullopt;
      result = x * (Integer{1} << static_cast<int>(y));
      break;
    case BinaryOp::shift_right:
      if (y < 0 || y > 63) return std::nullopt;
      result = x >> static_cast<int>(y);
      break;
    case BinaryOp::equal: return x == y;
    case BinaryOp::not_equal: return x != y;
    case BinaryOp::less: return x < y;
    case BinaryOp::less_equal: return x <= y;
    case BinaryOp::greater: return x > y;
    case BinaryOp::greater_equal: return x >= y;
    case BinaryOp::logical_and: return x != 0 && y != 0;
    case BinaryOp::logical_or: return x != 0 || y != 0;
  }
  return in_range(result) ? std::optional(result) : std::nullopt;
}

}  // namespace sluice::mutate
