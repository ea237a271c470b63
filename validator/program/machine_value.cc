// Expressions.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "validator/program/compare.h"
#include "validator/program/machine.h"
#include "validator/program/text.h"

namespace sluice::program {

using expression::BinaryOp;
using expression::Method;
using expression::UnaryOp;

bool Machine::step_value(const Instruction& i) {
  switch (i.op) {
    case Op::push_null: push(Value::null()); return true;
    case Op::push_self: push(Value::of(top().self)); return true;
    case Op::push_stream: push(Value::of(stream_)); return true;
    case Op::push_index: push(Value::unsigned_integer(top().loop.index)); return true;
    case Op::root_of:
    case Op::parent_of:
    case Op::stream_of: {
      const Value v = pop();
      if (v.tag == Tag::failed) return fail_silently();
      if (v.tag != Tag::object) return fail(FindingId::null_access, {{"what", expression_here()}});
      if (i.op == Op::stream_of) {
        push(Value::of(v.object->stream));
        return true;
      }
      Object* other = i.op == Op::root_of ? v.object->root : v.object->parent;
      push(other == nullptr ? Value::null() : Value::of(other));
      return true;
    }
    case Op::unary: return apply_unary(static_cast<UnaryOp>(i.a));
    case Op::index: return apply_index();
    case Op::call_method: return apply_method(static_cast<Method>(i.a), i.b, static_cast<std::uint32_t>(i.c));
    case Op::cast: {
      const Value& v = operands_.back();
      const bool fits = v.tag == Tag::object && v.object->type->id == static_cast<std::uint32_t>(i.c);
      if (v.is_there() && !fits) {
        return fail(FindingId::bad_cast,
                    {{"actual", describe(v)}, {"expected", code_.types[static_cast<std::size_t>(i.c)].name}});
      }
      return true;
    }
    case Op::to_enum: {
      Value& v = operands_.back();
      if (v.tag == Tag::integer) {
        v.tag = Tag::enumeration;
        v.enum_id = i.b;
      }
      return true;
    }
    case Op::make_array: {
      auto* array = region_of(top().self).array<Array>(1);
      auto* items = region_of(top().self).array<Value>(std::max<std::size_t>(i.b, 1));
      if (array == nullptr || items == nullptr) return out_of_memory();
      std::copy(operands_.end() - i.b, operands_.end(), items);
      operands_.resize(operands_.size() - i.b);
      new (array) Array{.count = i.b, .capacity = i.b, .items = items};
      push(Value::of(array));
      return true;
    }
    case Op::make_bytes: {
      auto* out = region_of(top().self).array<std::uint8_t>(std::max<std::size_t>(i.b, 1));
      if (out == nullptr) return out_of_memory();
      const std::size_t first = operands_.size() - i.b;
      for (std::uint32_t k = 0; k < i.b; ++k) {
        const Value& v = operands_[first + k];
        if (v.tag != Tag::integer) return fail(FindingId::null_access, {{"what", expression_here()}});
        if (v.negative || v.bits > 0xFF)
          return fail(FindingId::bad_conversion, {{"value", describe(v)}, {"expected", "a byte"}});
        out[k] = static_cast<std::uint8_t>(v.bits);
      }
      operands_.resize(first);
      push(Value::bytes({out, i.b}));
      return true;
    }
    case Op::concatenate: {
      std::string text;
      const std::size_t first = operands_.size() - i.b;
      for (std::size_t k = first; k < operands_.size(); ++k) {
        const Value& v = operands_[k];
        if (v.tag == Tag::string) {
          text += v.text();
        } else if (v.tag == Tag::integer) {
          text += to_string(v.as_integer());
        } else {
          return v.tag == Tag::failed ? fail_silently() : fail(FindingId::null_access, {{"what", expression_here()}});
        }
      }
      operands_.resize(first);
      return make_string(text);
    }
    default: std::abort();
  }
}

bool Machine::load_from(const Value& value, const Instruction& i, std::uint32_t& pc) {
  if (value.tag != Tag::object) {
    return value.tag == Tag::failed ? fail_silently() : fail(FindingId::null_access, {{"what", expression_here()}});
  }
  Object* const object = value.object;
  if (i.c >= 0 && object->type->id != static_cast<std::uint32_t>(i.c)) {
    return fail(FindingId::bad_cast,
                {{"actual", object->type->name}, {"expected", code_.types[static_cast<std::size_t>(i.c)].name}});
  }
  return load(object, i.b, pc);
}

bool Machine::load_outer(const Instruction& i, std::uint32_t& pc) {
  const Value& element = top().element;
  if (element.tag != Tag::object) return load_from(element, i, pc);
  Object* const up = element.object->parent;
  return load_from(up == nullptr ? Value::null() : Value::of(up), i, pc);
}

// Whether it is plain that the comparison turns out as `i` wants it. Asks for nothing that has not been read.
bool Machine::guess(const Instruction& i) const {
  const Value* v = &activations_.back().element;
  if (i.b != kGuessElement) {
    if (v->tag != Tag::object || v->object->type->id != i.b / kGuessSlots) return false;
    v = &v->object->slots()[i.b % kGuessSlots];
  }
  const bool wanted = (i.a & kGuessHolds) != 0;
  const auto op = static_cast<BinaryOp>(i.a & (kGuessHolds - 1));
  return is_integral(*v) && holds<Integer>(op, v->as_integer(), i.c) == wanted;
}

bool Machine::load(Object* object, std::uint32_t member, std::uint32_t& pc) {
  const MemberInfo& info = object->type->members[member];
  const Value& v = object->slots()[info.slot];
  switch (v.tag) {
    case Tag::absent:
      if (info.entry != kNoEntry) return enter_instance(object, member, pc, false);
      if (object->state == Object::State::given_up) return fail_silently();
      if (mode_ == Mode::judge && !code_.keeps_everything) {
        for (const Catch& c : catches_) {
          if (c.kind != Catch::Kind::force) continue;
          trouble_ = Trouble::needs_everything;
          return false;
        }
      }
      return fail(FindingId::null_access, {{"what", path_of(object) + (path_of(object).empty() ? "" : ".") + info.id}});
    case Tag::pending: return fail(FindingId::instance_cycle, {{"instance", info.id}});
    case Tag::failed: return fail_silently();
    case Tag::array:
      if (mode_ == Mode::judge && v.array->cut_short) return fail_silently();
      [[fallthrough]];
    default: push(v); return true;
  }
}

bool Machine::make_string(std::string_view text) {
  if (!charge_work(text.size())) return false;
  auto* out = region_of(top().self).array<std::uint8_t>(std::max<std::size_t>(text.size(), 1));
  if (out == nullptr) return out_of_memory();
  std::memcpy(out, text.data(), text.size());
  push(Value::bytes({out, text.size()}, Tag::string));
  return true;
}

bool Machine::apply_unary(UnaryOp op) {
  const Value v = pop();
  if (v.tag == Tag::failed) return fail_silently();
  switch (op) {
    case UnaryOp::logical_not:
      if (v.tag != Tag::boolean) break;
      push(Value::boolean(v.bits == 0));
      return true;
    case UnaryOp::negate:
      if (v.tag == Tag::floating) {
        push(Value::floating(-v.number));
        return true;
      }
      [[fallthrough]];
    case UnaryOp::invert: {
      if (v.tag != Tag::integer) break;
      const Integer result = op == UnaryOp::negate ? -v.as_integer() : ~v.as_integer();
      if (!in_range(result)) return fail(FindingId::arithmetic_overflow, {{"expression", expression_here()}});
      push(Value::integer(result));
      return true;
    }
  }
  return fail(FindingId::null_access, {{"what", expression_here()}});
}

bool Machine::compare_constant(BinaryOp op, std::int64_t constant) {
  Value& a = operands_.back();
  if (is_integral(a)) {
    a = Value::boolean(holds<Integer>(op, a.as_integer(), constant));
    return true;
  }
  push(Value::signed_integer(constant));
  return apply_binary(op);
}

bool Machine::apply_binary(BinaryOp op) {
  const Value b = pop();
  const Value a = pop();
  if (a.tag == Tag::failed || b.tag == Tag::failed) return fail_silently();
  switch (op) {
    case BinaryOp::equal:
    case BinaryOp::not_equal:
    case BinaryOp::less:
    case BinaryOp::less_equal:
    case BinaryOp::greater:
    case BinaryOp::greater_equal: {
      if (is_integral(a) && is_integral(b)) {
        push(Value::boolean(holds(op, a.as_integer(), b.as_integer())));
        return true;
      }
      if (!a.is_there() || !b.is_there()) return fail(FindingId::null_access, {{"what", expression_here()}});
      if (!charge_compared(a, b)) return false;
      const auto order = compare(a, b);
      const bool result = order ? holds(op, *order, 0) : op == BinaryOp::not_equal;
      push(Value::boolean(result));
      return true;
    }
    case BinaryOp::logical_and:
    case BinaryOp::logical_or: std::abort();  // compiled to jumps
    default: return apply_arithmetic(op, a, b);
  }
}

bool Machine::apply_arithmetic(BinaryOp op, const Value& a, const Value& b) {
  if (a.tag == Tag::string && b.tag == Tag::string && op == BinaryOp::add) {
    if (!charge_work(a.size) || !charge_work(b.size)) return false;
    return make_string(std::string(a.text()) + std::string(b.text()));
  }
  if (a.tag == Tag::floating || b.tag == Tag::floating) {
    if ((a.tag != Tag::floating && a.tag != Tag::integer) || (b.tag != Tag::floating && b.tag != Tag::integer)) {
      return fail(FindingId::null_access, {{"what", expression_here()}});
    }
    const double x = to_double(a);
    const double y = to_double(b);
    switch (op) {
      case BinaryOp::add: push(Value::floating(x + y)); return true;
      case BinaryOp::subtract: push(Value::floating(x - y)); return true;
      case BinaryOp::multiply: push(Value::floating(x * y)); return true;
      case BinaryOp::divide: push(Value::floating(y == 0 ? std::copysign(HUGE_VAL, x) : x / y)); return true;
      case BinaryOp::modulo: push(Value::floating(x - y * std::floor(x / y))); return true;
      default: std::abort();
    }
  }
  if (a.tag != Tag::integer || b.tag != Tag::integer)
    return fail(FindingId::null_access, {{"what", expression_here()}});
  const Integer x = a.as_integer();
  const Integer y = b.as_integer();
  Integer result = 0;
  bool good = true;
  switch (op) {
    case BinaryOp::add: result = x + y; break;
    case BinaryOp::subtract: result = x - y; break;
    case BinaryOp::multiply: good = !__builtin_mul_overflow(x, y, &result); break;
    case BinaryOp::divide:
      if (y == 0) return fail(FindingId::division_by_zero, {{"expression", expression_here()}, {"divisor", "0"}});
      result = x / y;
      if (x % y != 0 && (x < 0) != (y < 0)) --result;  // towards negative infinity
      break;
    case BinaryOp::modulo:
      if (y <= 0) {
        return fail(FindingId::division_by_zero, {{"expression", expression_here()}, {"divisor", to_string(y)}});
      }
      result = x % y;
      if (result < 0) result += y;
      break;
    case BinaryOp::bit_and: result = x & y; break;
    case BinaryOp::bit_or: result = x | y; break;
    case BinaryOp::bit_xor: result = x ^ y; break;
    case BinaryOp::shift_left:
    case BinaryOp::shift_right:
      if (y < 0 || y > 63)
        return fail(FindingId::bad_shift, {{"expression", expression_here()}, {"count", to_string(y)}});
      result =
          op == BinaryOp::shift_right ? x >> static_cast<int>(y) : x * (static_cast<Integer>(1) << static_cast<int>(y));
      good = good && !(op == BinaryOp::shift_left && x != 0 && y > 0 && !in_range(result));
      break;
    default: std::abort();
  }
  if (!good || !in_range(result)) return fail(FindingId::arithmetic_overflow, {{"expression", expression_here()}});
  push(Value::integer(result));
  return true;
}

bool Machine::apply_index() {
  const Value at = pop();
  const Value of = pop();
  if (of.tag == Tag::failed || at.tag == Tag::failed) return fail_silently();
  if (at.tag != Tag::integer || (of.tag != Tag::array && of.tag != Tag::bytes)) {
    return fail(FindingId::null_access, {{"what", expression_here()}});
  }
  const std::uint64_t size = of.tag == Tag::array ? of.array->count : of.size;
  if (at.negative || at.bits >= size) {
    return fail(FindingId::index_out_of_range, {{"index", to_string(at.as_integer())}, {"size", std::to_string(size)}});
  }
  push(of.tag == Tag::array ? of.array->at(at.bits) : Value::unsigned_integer(of.data[at.bits]));
  return true;
}

}  // namespace sluice::program
