// THIS CODE IS FOR TESTS ONLY: the expression language by recursion over the syntax tree.
#include <cmath>

#include "tests/agree/twin_impl.h"

namespace sluice::agree {

using expression::BinaryOp;
using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using expression::TypeKind;
using expression::UnaryOp;

Value Twin::fail(FindingId id, const Place& at) {
  failed(id, at);
  return Value::lost();
}

Value Twin::evaluate_used(const Expr& e, const Place& at) {
  Value v = evaluate(e, at);
  return v.is(Value::Kind::null) ? fail(FindingId::null_access, at) : v;
}

Value Twin::evaluate(const Expr& e, const Place& at) {
  switch (e.kind) {
    case ExprKind::integer: return Value::of_integer(e.value);
    case ExprKind::floating: return Value::of_number(e.number);
    case ExprKind::boolean: return Value::of_boolean(e.value != 0);
    case ExprKind::string: return Value::of_string(e.text);
    case ExprKind::fstring: return evaluate_fstring(e, at);
    case ExprKind::array: return evaluate_array(e, at);
    case ExprKind::name: return evaluate_name(e, at);
    case ExprKind::enum_label: {
      for (const auto& member : schema_.enumeration(e.type.enum_id).members) {
        if (member.label != e.text) continue;
        Value v = Value::of_integer(member.value);
        v.enum_id = e.type.enum_id;
        return v;
      }
      return Value::lost();
    }
    case ExprKind::unary: return evaluate_unary(e, at);
    case ExprKind::binary: return evaluate_binary(e, at);
    case ExprKind::conditional: {
      Value which = evaluate_used(*e.children[0], at);
      if (which.is(Value::Kind::lost)) return which;
      return evaluate(*e.children[which.integer != 0 ? 1 : 2], at);
    }
    case ExprKind::attribute: return evaluate_attribute(e, at);
    case ExprKind::call: return evaluate_method(e, at);
    case ExprKind::subscript: return evaluate_subscript(e, at);
    case ExprKind::cast: return evaluate_cast(e, at);
    case ExprKind::size_of_type: return Value::of_integer(e.value);
  }
  return Value::lost();
}

// --- names

Value Twin::member_of(Struct& x, std::uint32_t i, const Place& at) {
  const Member& m = x.type->members[i];
  bool is_instance = m.role == schema::Role::value_instance || m.role == schema::Role::parse_instance;
  if (x.in_progress[i]) return fail(FindingId::instance_cycle, at);
  if (is_instance && x.members[i].is(Value::Kind::unread)) evaluate_instance(x, i);
  const Value& v = x.members[i];
  if (v.is(Value::Kind::array) && v.array->cut_short) return Value::lost();
  if (!v.is(Value::Kind::unread)) return v;
  if (x.state == Struct::State::given_up) return Value::lost();
  if (deferred_ || !forcing_) return fail(FindingId::null_access, at);
  redo_ = true;
  return Value::lost();
}

Value Twin::evaluate_name(const Expr& e, const Place& at) {
  switch (e.binding.kind) {
    case Binding::Kind::member: return member_of(*at.self, e.binding.index, at);
    case Binding::Kind::root: return Value::of_structure(root_);
    case Binding::Kind::parent: return at.self->parent ? Value::of_structure(at.self->parent) : Value::null();
    case Binding::Kind::io: return Value::of_stream(at.self->io);
    case Binding::Kind::index: return at.index ? Value::of_integer(*at.index) : fail(FindingId::null_access, at);
    case Binding::Kind::element: return *at.element;
    case Binding::Kind::switch_value: return *at.on;
    case Binding::Kind::size_of: return Value::of_integer(e.binding.size);
    default: return Value::lost();
  }
}

Value Twin::evaluate_attribute(const Expr& e, const Place& at) {
  if (e.binding.kind == Binding::Kind::size_of) return Value::of_integer(e.binding.size);
  if (e.binding.kind == Binding::Kind::method) return evaluate_method(e, at);
  Value v = evaluate_used(*e.children[0], at);
  if (v.is(Value::Kind::lost)) return v;
  if (!v.is(Value::Kind::structure)) return fail(FindingId::bad_cast, at);
  Struct& x = *v.structure;
  switch (e.binding.kind) {
    case Binding::Kind::root: return Value::of_structure(root_);
    case Binding::Kind::parent: return x.parent ? Value::of_structure(x.parent) : Value::null();
    case Binding::Kind::io: return Value::of_stream(x.io);
    default: break;
  }
  if (x.type->id != e.binding.owner) return fail(FindingId::bad_cast, at);
  return member_of(x, e.binding.index, at);
}

Value Twin::evaluate_cast(const Expr& e, const Place& at) {
  Value v = evaluate(*e.children[0], at);
  if (e.cast_to_array || !e.type.is(TypeKind::structure) || e.type.type_id == schema::kNoType) return v;
  if (v.is(Value::Kind::lost) || v.is(Value::Kind::null)) return v;
  bool fits = v.is(Value::Kind::structure) && v.structure->type->id == e.type.type_id;
  return fits ? v : fail(FindingId::bad_cast, at);
}

// --- operators

int compare(const Value& a, const Value& b) {
  auto order = [](const auto& l, const auto& r) { return l < r ? -1 : r < l ? 1 : 0; };
  if (a.is(Value::Kind::floating) || b.is(Value::Kind::floating)) {
    double l = a.is(Value::Kind::floating) ? a.number : static_cast<double>(a.integer);
    double r = b.is(Value::Kind::floating) ? b.number : static_cast<double>(b.integer);
    return order(l, r);
  }
  if (a.is(Value::Kind::string) || a.is(Value::Kind::bytes)) return order(a.text, b.text);  // compares as unsigned
  if (a.is(Value::Kind::structure)) return order(a.structure, b.structure);
  return order(a.integer, b.integer);
}

static Integer floor_divide(Integer a, Integer b) {
  Integer q = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

// The exact product if it lies in the language's range, which no 128-bit product of two values in it overflows but
// (2^64 - 1)^2: that one is asked for first.
static std::optional<Integer> product(Integer a, Integer b) {
  Integer out = 0;
  if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
  return out;
}

Value Twin::arithmetic(BinaryOp op, Integer a, Integer b, const Place& at) {
  std::optional<Integer> r;
  switch (op) {
    case BinaryOp::add: r = a + b; break;
    case BinaryOp::subtract: r = a - b; break;
    case BinaryOp::multiply: r = product(a, b); break;
    case BinaryOp::divide:
      if (b == 0) return fail(FindingId::division_by_zero, at);
      r = floor_divide(a, b);
      break;
    case BinaryOp::modulo:
      if (b <= 0) return fail(FindingId::division_by_zero, at);
      r = a - floor_divide(a, b) * b;
      break;
    case BinaryOp::bit_and: r = a & b; break;
    case BinaryOp::bit_or: r = a | b; break;
    case BinaryOp::bit_xor: r = a ^ b; break;
    case BinaryOp::shift_left:
      if (b < 0 || b > 63) return fail(FindingId::bad_shift, at);
      r = product(a, Integer{1} << static_cast<int>(b));
      break;
    case BinaryOp::shift_right:
      if (b < 0 || b > 63) return fail(FindingId::bad_shift, at);
      r = floor_divide(a, Integer{1} << static_cast<int>(b));
      break;
    default: break;
  }
  if (!r || !in_range(*r)) return fail(FindingId::arithmetic_overflow, at);
  return Value::of_integer(*r);
}

static Value arithmetic_on_numbers(BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::add: return Value::of_number(a + b);
    case BinaryOp::subtract: return Value::of_number(a - b);
    case BinaryOp::multiply: return Value::of_number(a * b);
    case BinaryOp::divide: return Value::of_number(a / b);
    default: return Value::of_number(a - std::floor(a / b) * b);
  }
}

static bool holds(BinaryOp op, const Value& a, const Value& b) {
  if (std::isnan(a.number) || std::isnan(b.number)) return op == BinaryOp::not_equal;
  int order = compare(a, b);
  switch (op) {
    case BinaryOp::equal: return order == 0;
    case BinaryOp::not_equal: return order != 0;
    case BinaryOp::less: return order < 0;
    case BinaryOp::less_equal: return order <= 0;
    case BinaryOp::greater: return order > 0;
    default: return order >= 0;
  }
}

Value Twin::evaluate_binary(const Expr& e, const Place& at) {
  BinaryOp op = e.binary_op;
  if (op == BinaryOp::logical_and || op == BinaryOp::logical_or) {
    Value a = evaluate_used(*e.children[0], at);
    if (a.is(Value::Kind::lost) || (a.integer != 0) == (op == BinaryOp::logical_or)) return a;
    return evaluate(*e.children[1], at);
  }
  Value a = evaluate(*e.children[0], at);
  if (a.is(Value::Kind::lost)) return a;
  Value b = evaluate(*e.children[1], at);
  if (b.is(Value::Kind::lost)) return b;
  if (a.is(Value::Kind::null) || b.is(Value::Kind::null)) return fail(FindingId::null_access, at);
  if (op >= BinaryOp::equal && op <= BinaryOp::greater_equal) return Value::of_boolean(holds(op, a, b));
  if (a.is(Value::Kind::string)) return Value::of_string(a.text + b.text);
  if (a.is(Value::Kind::integer) && b.is(Value::Kind::integer)) return arithmetic(op, a.integer, b.integer, at);
  double l = a.is(Value::Kind::floating) ? a.number : static_cast<double>(a.integer);
  double r = b.is(Value::Kind::floating) ? b.number : static_cast<double>(b.integer);
  return arithmetic_on_numbers(op, l, r);
}

Value Twin::evaluate_unary(const Expr& e, const Place& at) {
  Value v = evaluate_used(*e.children[0], at);
  if (v.is(Value::Kind::lost)) return v;
  switch (e.unary_op) {
    case UnaryOp::logical_not: return Value::of_boolean(v.integer == 0);
    case UnaryOp::invert: return arithmetic(BinaryOp::subtract, -1, v.integer, at);
    case UnaryOp::negate: break;
  }
  if (v.is(Value::Kind::floating)) return Value::of_number(-v.number);
  return arithmetic(BinaryOp::subtract, 0, v.integer, at);
}

// --- sequences

Value Twin::evaluate_array(const Expr& e, const Place& at) {
  Array array;
  std::string bytes;
  for (const auto& child : e.children) {
    Value v = evaluate(*child, at);
    if (v.is(Value::Kind::lost)) return v;
    bytes.push_back(static_cast<char>(v.integer));
    array.items.push_back(v);
  }
  if (e.type.is(TypeKind::bytes)) return Value::of_bytes(bytes);
  return Value::of_array(&arrays_.emplace_back(array));
}

Value Twin::evaluate_fstring(const Expr& e, const Place& at) {
  std::string text;
  for (const auto& child : e.children) {
    Value v = evaluate_used(*child, at);
    if (v.is(Value::Kind::lost)) return v;
    text += v.is(Value::Kind::string) ? v.text : to_string(v.integer);
  }
  return Value::of_string(text);
}

Value Twin::evaluate_subscript(const Expr& e, const Place& at) {
  Value v = evaluate(*e.children[0], at);
  if (v.is(Value::Kind::lost)) return v;
  Value index = evaluate(*e.children[1], at);
  if (index.is(Value::Kind::lost)) return index;
  if (v.is(Value::Kind::null) || index.is(Value::Kind::null)) return fail(FindingId::null_access, at);
  std::size_t size = v.is(Value::Kind::array) ? v.array->items.size() : v.text.size();
  if (index.integer < 0 || index.integer >= size) {
    return fail(FindingId::index_out_of_range, at);
  }
  auto i = static_cast<std::size_t>(index.integer);
  return v.is(Value::Kind::array) ? v.array->items[i] : Value::of_integer(static_cast<std::uint8_t>(v.text[i]));
}

}  // namespace sluice::agree
