// One member -> instructions that read, judge and keep it.
#include <algorithm>

#include "validator/expression/check.h"
#include "validator/schema/compiler.h"

namespace sluice::schema {

using expression::BinaryOp;
using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using program::kNoSlot;

namespace {

bool uses_element(const Expr& e) {
  if (e.binding.kind == Binding::Kind::element) return true;
  return std::any_of(e.children.begin(), e.children.end(), [](const auto& child) { return uses_element(*child); });
}

bool is_literal(const Expr& e) {
  switch (e.kind) {
    case ExprKind::integer:
    case ExprKind::floating:
    case ExprKind::boolean:
    case ExprKind::string:
    case ExprKind::enum_label: return true;
    case ExprKind::array:
      return std::all_of(e.children.begin(), e.children.end(), [](const auto& c) { return is_literal(*c); });
    default: return false;
  }
}

}  // namespace

program::ScalarFormat scalar_format(const DataType& data) {
  using program::ScalarKind;
  return {.width = data.width,
          .kind = data.kind == DataKind::floating ? ScalarKind::floating
                  : data.is_signed                ? ScalarKind::signed_integer
                                                  : ScalarKind::unsigned_integer,
          .big_endian = data.endian == Endian::big};
}

std::uint64_t inside_byte(const Member& m) {
  const bool inlined =
      (m.data.kind == DataKind::structure || m.data.kind == DataKind::switched) && !m.sizing.cuts_a_region();
  return m.data.kind == DataKind::bits || inlined ? 2 : 0;
}

// Whether a value that is in no enum was a finding when it was read.
bool Compiler::says_unknown(const Expression& value) const {
  const Binding& binding = value.expr->binding;
  if (binding.kind != Binding::Kind::member) return false;
  const Member& m = schema_.type(binding.owner).members[binding.index];
  return m.role != Role::parameter && m.data.enum_id != kNoEnum && !m.allow.unknown_enum;
}

// Whether `_` is asked for, so that a structure must outlive its reading.
bool Compiler::wants_element(const Member& m) const {
  const auto index = static_cast<std::uint32_t>(&m - type_->members.data());
  return sites_.find(type_->id, index) != nullptr || (m.repeat_until && uses_element(*m.repeat_until.expr)) ||
         (m.valid.kind == Validation::Kind::expression && uses_element(*m.valid.expression.expr));
}

void Compiler::compile_sequence_member(std::uint32_t index) {
  const Member& m = type_->members[index];
  const bool kept = slot(index) != kNoSlot;
  emit(Op::field, inside_byte(m), index);
  std::uint32_t skipped = 0;
  if (m.condition) {
    compile_value(m.condition);
    skipped = emit(Op::jump_if_false);
  }
  checksum_positions(*type_, index, false);
  if (m.repeat != RepeatKind::none) {
    compile_repeat(m, index, kept);
  } else {
    compile_element(m, m.data, index);
    if (kept) emit(Op::keep, 0, slot(index));  // before it is judged: `valid` may name the field itself
    judge_element(m);
    judge_rules(index);
    emit(Op::pop);
  }
  checksum_positions(*type_, index, true);
  if (code_.keeps_everything) emit(Op::end_field, 0, index);
  if (!m.condition) return;
  const std::uint32_t end = emit(Op::jump);
  land(skipped);
  if (kept) {
    emit(Op::push_null);
    emit(Op::store, 0, slot(index));
  }
  land(end);
}

void Compiler::compile_instance(std::uint32_t index) {
  const Member& m = type_->members[index];
  const bool kept = slot(index) != kNoSlot;
  emit(Op::field, inside_byte(m) | (m.role == Role::value_instance || m.position ? 1u : 0u), index);
  std::uint32_t skipped = 0;
  if (m.condition) {
    compile_value(m.condition);
    skipped = emit(Op::jump_if_false);
  }
  if (m.role == Role::value_instance) {
    compile_value_instance(index);
  } else {
    if (m.io) {
      compile_value(m.io);
      emit(Op::enter_stream);
    }
    if (m.position) {
      compile_value(m.position);
      emit(Op::seek);
    } else {
      emit(Op::stay, m.io ? 1 : 0);
    }
    if (m.repeat != RepeatKind::none) {
      compile_repeat(m, index, kept);
      if (kept) {
        emit(Op::push_slot, 0, slot(index));
      } else {
        emit(Op::push_null);
      }
    } else {
      compile_element(m, m.data, index);
      judge_element(m);
      judge_rules(index);
    }
    if (code_.keeps_everything) emit(Op::end_field, 0, index);
    emit(Op::leave_stream, m.allow.overlap || !m.position);
  }
  if (m.condition) {
    const std::uint32_t end = emit(Op::jump);
    land(skipped);
    emit(Op::push_null);
    land(end);
  }
  emit(Op::end_instance, 0, index);
}

void Compiler::compile_value_instance(std::uint32_t index) {
  const Member& m = type_->members[index];
  compile_value(m.value);
  if (m.data.enum_id != kNoEnum) {
    emit(Op::to_enum, 0, m.data.enum_id);
    if (!m.allow.unknown_enum) emit(Op::check_enum, 0, m.data.enum_id);
  }
  if (!m.sluice_valid) return;
  const std::uint32_t skip = emit(Op::skip_unless_judging);
  emit(Op::set_element);
  const std::uint32_t attempt = emit(Op::try_begin);
  compile_value(m.sluice_valid);
  emit(Op::check_expression, 0, text(m.sluice_valid.text));
  emit(Op::try_end);
  land(attempt);
  land(skip);
}

void Compiler::compile_repeat(const Member& m, std::uint32_t index, bool kept) {
  // Plain numbers that nothing judges stay where they are; only their count is walked.
  const bool plain =
      m.data.kind == DataKind::integer && m.data.endian != Endian::calculated && m.data.enum_id == kNoEnum;
  const bool packed = kept && !code_.keeps_everything && plain && m.repeat != RepeatKind::until &&
                      m.valid.kind == Validation::Kind::none && sites_.find(type_->id, index) == nullptr;
  const std::uint64_t flags = (kept ? 1u : 0u) | (m.repeat == RepeatKind::eos ? 2u : 0u);
  const std::uint64_t array_slot = kept ? slot(index) : 0;
  if (m.repeat == RepeatKind::count) {
    compile_value(m.repeat_count);
    emit(Op::loop_count, flags, array_slot);
  } else {
    emit(Op::loop_open, flags, array_slot);
  }

  const std::uint32_t head = here();
  program::ScanPlan plan;
  std::vector<ScanValue> values;
  if (use_scan_ && (!kept || packed) && m.repeat != RepeatKind::until && sites_.find(type_->id, index) == nullptr &&
      plan_scan(schema_, sites_, m, plan, values)) {
    const std::uint32_t attempt = values.empty() ? 0 : emit(Op::try_begin, 2);
    for (const ScanValue& value : values) {
      compile(*value.expression);
      if (!value.exclusive) continue;
      emit(Op::push_integer, 0, 0, 1);
      emit(Op::binary, static_cast<std::uint64_t>(expression::BinaryOp::subtract));
    }
    if (!values.empty()) emit(Op::try_end);
    code_.plans.push_back(std::move(plan));
    emit(Op::scan, values.size(), code_.plans.size() - 1);
    if (!values.empty()) land(attempt);
  }
  const std::uint32_t test = emit(Op::loop_test, inside_byte(m) | (m.repeat == RepeatKind::eos ? 1u : 0u));
  compile_element(m, m.data, index);
  if (kept && !packed) {
    emit(Op::duplicate);
    emit(Op::append);
  }
  judge_element(m);
  judge_rules(index);
  if (m.repeat == RepeatKind::until) emit(Op::set_element);
  emit(Op::pop);
  if (m.repeat == RepeatKind::until) {
    compile_value(m.repeat_until);
    emit(Op::loop_until, 0, 0, head);
  } else {
    emit(Op::loop_next, 0, 0, head);
  }
  land(test);
  if (packed) emit(Op::pack_array, pack(scalar_format(m.data)), array_slot);
}

void Compiler::compile_element(const Member& m, const DataType& data, std::uint32_t index) {
  switch (data.kind) {
    case DataKind::integer:
    case DataKind::floating:
      emit(data.endian == Endian::calculated ? Op::read_scalar_calculated : Op::read_scalar, pack(scalar_format(data)));
      break;
    case DataKind::bits: emit(Op::read_bits, data.width, data.bit_endian == BitEndian::little, data.is_boolean); break;
    case DataKind::bytes: compile_take(m, data); break;
    case DataKind::string: {
      compile_take(m, data);
      const bool wanted = slot(index) != kNoSlot || m.valid.kind != Validation::Kind::none || wants_element(m);
      emit(Op::decode, wanted, encoding(data.encoding));
      break;
    }
    case DataKind::structure: compile_structure(m, data, index); break;
    case DataKind::switched: compile_switch(m, data, index); break;
    case DataKind::none: emit(Op::push_null); break;
  }
  if (data.enum_id != kNoEnum) emit(Op::to_enum, 0, data.enum_id);
}

void Compiler::compile_structure(const Member& m, const DataType& data, std::uint32_t index) {
  const TypeSpec& type = schema_.type(data.type_id);
  const bool own_stream = m.sizing.cuts_a_region();
  if (own_stream) compile_take(m, data);
  std::uint64_t flags = 0;
  if (m.parent) {
    compile_value(m.parent);
    flags |= program::kCallWithParent;
  }
  if (m.parent_is_false) flags |= program::kCallNoParent;
  if (slot(index) != kNoSlot) {
    flags |= program::kCallKept;
  } else if (wants_element(m)) {
    flags |= program::kCallElement;
  }
  if (type.file_index != type_->file_index) flags |= program::kCallOwnRoot;
  if (m.allow.trailing_bytes || type.allow.trailing_bytes) flags |= program::kCallAllowTrailing;
  if (!code_.keeps_everything && uses_.streams[type_->id][index]) flags |= program::kCallWatched;
  for (const Expression& argument : data.arguments) compile_value(argument);
  emit(own_stream ? Op::call_type_in : Op::call_type, flags, data.type_id,
       static_cast<std::int64_t>(data.arguments.size()));
}

void Compiler::compile_switch(const Member& m, const DataType& data, std::uint32_t index) {
  compile_value(data.switch_on);
  std::vector<std::pair<const Case*, std::uint32_t>> bodies;  // and the jump that lands there
  const Case* otherwise = nullptr;
  bool constant = true;
  for (const Case& c : data.cases) {
    if (!c.match) {
      otherwise = &c;
    } else {
      const Expr& match = *c.match.expr;
      constant = constant && (match.kind == ExprKind::enum_label || match.kind == ExprKind::boolean ||
                              expression::constant_integer(match).has_value());
    }
  }
  std::vector<std::uint32_t> ends;
  const auto body = [&](const Case& c) {
    compile_element(m, c.type, index);
    ends.push_back(emit(Op::jump));
  };
  const auto fallback = [&] {
    if (otherwise != nullptr) {
      emit(Op::pop);
      body(*otherwise);
      return;
    }
    const bool sized = m.sizing.cuts_a_region();
    if (m.allow.unmatched_switch) {
      emit(Op::pop);
    } else {
      emit(Op::unmatched, sized, says_unknown(data.switch_on));
    }
    if (sized) {
      compile_take(m, DataType{});
    } else {
      emit(Op::push_null);
    }
    ends.push_back(emit(Op::jump));
  };

  if (constant) {
    const auto table = static_cast<std::uint32_t>(code_.switches.size());
    code_.switches.emplace_back();
    emit(Op::switch_constant, 0, table);
    fallback();
    for (const Case& c : data.cases) {
      if (!c.match) continue;
      const Expr& match = *c.match.expr;
      const Integer key = match.kind == ExprKind::enum_label || match.kind == ExprKind::boolean
                              ? match.value
                              : *expression::constant_integer(match);
      code_.switches[table].rows.push_back({program::Value::integer(key), here()});
      body(c);
    }
    // The first of two equal cases wins: it was emitted first.
    std::sort(code_.switches[table].rows.begin(), code_.switches[table].rows.end(), [](const auto& a, const auto& b) {
      return a.key.as_integer() != b.key.as_integer() ? a.key.as_integer() < b.key.as_integer() : a.target < b.target;
    });
  } else {
    for (const Case& c : data.cases) {
      if (!c.match) continue;
      emit(Op::duplicate);
      compile_value(c.match);
      emit(Op::binary, static_cast<std::uint64_t>(BinaryOp::equal));
      const std::uint32_t next = emit(Op::jump_if_false);
      emit(Op::pop);
      body(c);
      land(next);
    }
    fallback();
  }
  for (const std::uint32_t end : ends) land(end);
}

std::uint32_t Compiler::byte_rule(const Sizing& sizing, const DataType& data) {
  program::ByteRule rule{.include = sizing.include, .consume = sizing.consume, .eos_error = sizing.eos_error};
  if (sizing.terminator) {
    rule.terminator = *sizing.terminator;
  } else if (data.zero_terminated) {
    const bool wide = data.encoding.starts_with("UTF-16");
    rule.terminator.assign(wide ? 2 : data.encoding.starts_with("UTF-32") ? 4 : 1, 0);
  }
  rule.pads = sizing.pad_right.has_value();
  rule.pad = sizing.pad_right.value_or(0);
  code_.byte_rules.push_back(std::move(rule));
  return static_cast<std::uint32_t>(code_.byte_rules.size() - 1);
}

void Compiler::compile_take(const Member& m, const DataType& data) {
  const Sizing& sizing = m.sizing;
  const std::uint32_t rule = byte_rule(sizing, data);
  if (sizing.size) {
    const auto constant = expression::constant_integer(*sizing.size.expr);
    if (constant && *constant >= 0 && *constant <= INT64_MAX) {
      emit(Op::take_fixed, 0, rule, static_cast<std::int64_t>(*constant));
    } else {
      compile_value(sizing.size);
      emit(Op::take_sized, 0, rule);
    }
  } else if (sizing.size_eos) {
    emit(Op::take_rest, 0, rule);
  } else if (m.contents && sizing.terminator == std::nullopt) {
    emit(Op::take_fixed, 0, rule, static_cast<std::int64_t>(m.contents->size()));
  } else {
    emit(Op::take_terminated, 0, rule);
  }
  compile_process(m);
}

void Compiler::compile_process(const Member& m) {
  const Process& process = m.sizing.process;
  if (process.kind == ProcessKind::none) return;
  if (process.kind == ProcessKind::custom) {
    emit(Op::opaque, 0, text("process `" + process.name + "` is code outside of the schema"));
    return;
  }
  // The bytes stay below the argument.
  for (const Expression& argument : process.arguments) compile_value(argument);
  emit(Op::process, static_cast<std::uint64_t>(process.kind), m.allow.trailing_bytes);
}

void Compiler::judge_bound(const Expression& bound, Op op, std::uint16_t a) {
  if (!bound) return;
  const bool literal = is_literal(*bound.expr);
  const std::uint32_t attempt = literal ? 0 : emit(Op::try_begin);
  compile_value(bound);
  emit(op, a);
  if (literal) return;
  emit(Op::try_end);
  land(attempt);
}

void Compiler::judge_element(const Member& m) {
  if (m.contents) {
    emit(Op::push_constant, 0,
         program_.add_text({reinterpret_cast<const char*>(m.contents->data()), m.contents->size()},
                           program::Tag::bytes));
    emit(Op::check_equal, 1);
  }
  const Validation& v = m.valid;
  switch (v.kind) {
    case Validation::Kind::none: break;
    case Validation::Kind::equal: judge_bound(v.equal, Op::check_equal); break;
    case Validation::Kind::range:
      judge_bound(v.min, Op::check_minimum);
      judge_bound(v.max, Op::check_maximum);
      break;
    case Validation::Kind::any_of: {
      const std::uint32_t attempt = emit(Op::try_begin);
      for (const Expression& e : v.any_of) compile_value(e);
      emit(Op::check_any_of, 0, v.any_of.size());
      emit(Op::try_end);
      land(attempt);
      break;
    }
    case Validation::Kind::in_enum: emit(Op::check_enum, 1, m.data.enum_id); break;
    case Validation::Kind::expression: {
      emit(Op::set_element);
      const std::uint32_t attempt = emit(Op::try_begin);
      compile_value(v.expression);
      emit(Op::check_expression, 0, text(v.expression.text));
      emit(Op::try_end);
      land(attempt);
      break;
    }
  }
  if (v.kind == Validation::Kind::none && m.data.enum_id != kNoEnum && !m.allow.unknown_enum &&
      (m.data.kind == DataKind::integer || m.data.kind == DataKind::bits)) {
    emit(Op::check_enum, 0, m.data.enum_id);
  }
  // A checksum of a parse instance: its region has been read by the time somebody asks.
  if (m.checksum.algorithm != Checksum::Algorithm::none && m.role == Role::parse_instance) {
    const auto index = static_cast<std::size_t>(&m - type_->members.data());
    emit(Op::check_checksum, static_cast<std::uint64_t>(m.checksum.algorithm), hidden_[index], text(m.checksum.region));
  }
}

}  // namespace sluice::schema
