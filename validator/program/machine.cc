#include "validator/program/machine.h"

#include <fmt/core.h>

namespace sluice::program {

namespace {

Limits in_proportion(Limits limits, std::uint64_t size) {
  // Sizes are those of files in memory, far below where these products wrap.
  if (limits.elements == 0) limits.elements = 1'000'000 + 16 * size;
  if (limits.steps == 0) limits.steps = 16'000'000 + 256 * size;
  return limits;
}

}  // namespace

Machine::Machine(const Program& program, const Code& code, bytes::View content, const Limits& limits, Mode mode,
                 Findings& findings, const std::string& name)
    : program_(program),
      code_(code),
      content_(bytes::in_memory(content)),
      limits_(in_proportion(limits, content.size())),
      mode_(mode),
      findings_(findings),
      name_(name),
      pool_(limits.memory),
      kept_(pool_),
      frames_(pool_) {
  tables_.resize(program.tables.size());
  for (const RuleInfo& rule : program.rules) {
    if (is_pairing(rule.kind)) pairing_.push_back(static_cast<std::uint32_t>(collectors_.size()));
    collectors_.emplace_back(rule.kind, rule.order);
  }
  locals_.resize(program.locals);
  operands_.reserve(64);
  activations_.reserve(16);
}

Machine::~Machine() = default;

Statistics Machine::statistics() const {
  return {.elements = elements_, .steps = steps_, .memory = pool_.peak(), .declared = declared_};
}

std::optional<std::uint64_t> Machine::offset_of(const std::uint8_t* at) const {
  const auto begin = reinterpret_cast<std::uintptr_t>(content_.data());
  const auto here = reinterpret_cast<std::uintptr_t>(at);
  if (at == nullptr || here < begin || here - begin > content_.size()) return std::nullopt;
  return here - begin;
}

Machine::Ending Machine::read_root() {
  auto* stream = kept_.array<Stream>(1);
  const TypeInfo& type = code_.types[program_.root];
  root_ = stream == nullptr ? nullptr : new_object(type, kept_);
  if (root_ == nullptr) {
    out_of_memory();
    if (mode_ == Mode::judge) findings_.add(*failure_);
    return Ending::out_of_budget;
  }
  stream_ = new (stream) Stream{.reader = bytes::Reader(content_), .owner = root_, .owner_type = &type};
  stream_->allow_trailing = program_.allow_trailing;
  root_->root = root_;
  root_->stream = stream_;
  root_->region = &kept_;
  activations_.push_back({.frame = Frame::type, .kept = true, .self = root_, .caller_stream = stream_});
  watched_.push_back(stream_);
  const Ending ending = run(type.entry, 0);
  operands_.clear();
  return ending;
}

Machine::Ending Machine::evaluate(Object* self, std::uint32_t entry, Value& out, const Value& element,
                                  std::uint64_t index) {
  failure_.reset();
  const std::size_t base = activations_.size();
  activations_.push_back({.frame = Frame::request,
                          .operands = static_cast<std::uint32_t>(operands_.size()),
                          .catches = static_cast<std::uint32_t>(catches_.size()),
                          .self = self,
                          .caller_stream = stream_,
                          .frames = frames_.mark(),
                          .loop = {.index = index},
                          .element = element});
  stream_ = self->stream;
  const Ending ending = run(entry, base);
  out = ending == Ending::done ? pop() : Value{};
  return ending;
}

Machine::Ending Machine::evaluate_member(Object* object, std::uint32_t member, Value& out) {
  failure_.reset();
  const std::size_t base = activations_.size();
  std::uint32_t pc = kNoEntry;
  Ending ending = Ending::failed;
  if (enter_instance(object, member, pc, false)) {
    ending = run(pc, base);
  } else {
    unwind(pc, base);
  }
  out = ending == Ending::done ? pop() : Value{};
  return ending;
}

// Inlined into the loop below: what is asked for millions of times stands in this one switch, the rest behind a call.
[[gnu::always_inline]] inline bool Machine::step(const Instruction& i, std::uint32_t& pc) {
  switch (i.op) {
    case Op::push_integer: push(Value::signed_integer(i.c)); return true;
    case Op::push_constant: push(program_.constants[i.b]); return true;
    case Op::push_element: push(top().element); return true;
    case Op::load: return load(top().self, i.b, pc);
    case Op::load_of: return load_from(pop(), i, pc);
    case Op::load_element: return load_from(top().element, i, pc);
    case Op::compare_constant: return compare_constant(static_cast<expression::BinaryOp>(i.a), i.c);
    case Op::load_outer: return load_outer(i, pc);
    case Op::load_local: return load_from(locals_[i.a], i, pc);
    case Op::push_local: push(locals_[i.b]); return true;
    case Op::set_local: locals_[i.b] = pop(); return true;
    case Op::binary: return apply_binary(static_cast<expression::BinaryOp>(i.a));
    case Op::duplicate: push(operands_.back()); return true;
    case Op::set_element: top().element = operands_.back(); return true;
    case Op::rule_begin:
      rule_ = i.b;
      build_.reset();
      wrong_.reset();
      [[fallthrough]];
    case Op::rule_catch: {
      Activation& a = top();
      if (i.op == Op::rule_catch && (i.a & kCatchInRule) == 0) rule_ = kNoRule;
      a.rule_quiet = (i.a & kCatchQuietly) != 0;
      rule_depth_ = activations_.size();
      a.rule_pc = static_cast<std::uint32_t>(i.c);
      a.rule_operands = static_cast<std::uint32_t>(operands_.size());
      return charge(0);
    }
    case Op::rule_end: top().rule_pc = 0; return true;
    case Op::guess:
      // The jump that follows says where to.
      pc = guess(i) ? static_cast<std::uint32_t>(code_.instructions[pc].c) : pc + 1;
      return true;
    case Op::require: {
      const Value holds = pop();
      if (holds.tag == Tag::failed) return fail_silently();
      if (holds.tag != Tag::boolean) return fail(FindingId::null_access, {{"what", "the condition"}});
      if (holds.bits != 0) pc = static_cast<std::uint32_t>(i.c);
      return true;
    }
    case Op::check_use: return check_use(pc, static_cast<std::uint32_t>(i.c));
    case Op::find_row: return find_row(i, pc);
    case Op::collect: return collect(i);

    case Op::jump: pc = static_cast<std::uint32_t>(i.c); return true;
    case Op::jump_if_false: {
      const Value v = pop();
      if (v.tag != Tag::boolean) return fail(FindingId::null_access, {{"what", "a condition"}});
      if (v.bits == 0) pc = static_cast<std::uint32_t>(i.c);
      return true;
    }
    case Op::jump_if_false_keep:
    case Op::jump_if_true_keep: {
      const Value& v = operands_.back();
      if (v.tag != Tag::boolean) return fail(FindingId::null_access, {{"what", "a condition"}});
      if ((v.bits != 0) == (i.op == Op::jump_if_true_keep)) {
        pc = static_cast<std::uint32_t>(i.c);
      } else {
        operands_.pop_back();
      }
      return true;
    }
    case Op::pop: operands_.pop_back(); return true;
    case Op::finish: {
      stream_ = top().caller_stream;
      activations_.pop_back();
      return true;
    }
    case Op::try_begin:
      if (mode_ == Mode::judge) {
        catches_.push_back({.kind = i.a == 1 ? Catch::Kind::force : Catch::Kind::attempt,
                            .pc = static_cast<std::uint32_t>(i.c),
                            .activations = static_cast<std::uint32_t>(activations_.size()),
                            .operands = static_cast<std::uint32_t>(operands_.size()),
                            .stream = stream_,
                            .quiet = i.a == 2});
      }
      return true;
    case Op::try_end:
      if (mode_ == Mode::judge) catches_.pop_back();
      return true;
    case Op::skip_unless_judging:
      if (mode_ != Mode::judge) pc = static_cast<std::uint32_t>(i.c);
      return true;

    case Op::field: {
      Activation& a = top();
      a.member = i.b;
      a.loop.active = false;
      a.field_begin = reader().begin() + ((i.a & 2) != 0 ? reader().bit_start() : reader().position());
      if ((i.a & 1) != 0) a.field_begin = nullptr;
      if (a.member == kNoSlot) a.field_begin = reader().begin() + a.self->span.begin;  // an assertion: all of it
      return true;
    }
    case Op::keep_position:
      top().self->slots()[i.b] = Value::unsigned_integer(i.a == 2 ? reader().bit_start() : reader().position());
      return true;
    case Op::enter_stream: {
      const Value v = pop();
      if (v.tag != Tag::stream) return fail(FindingId::null_access, {{"what", "the stream to read from"}});
      Activation& a = top();
      a.saved_stream = stream_;
      a.changed_stream = true;
      stream_ = v.stream;
      a.field_begin = nullptr;  // nothing has been read there yet
      return true;
    }
    case Op::seek: {
      const Value v = pop();
      if (v.tag != Tag::integer) return fail(FindingId::null_access, {{"what", "the position"}});
      const Integer position = v.as_integer();
      if (position < 0 || position > static_cast<Integer>(reader().size())) {
        return fail(FindingId::bad_position,
                    {{"position", to_string(position)}, {"size", std::to_string(reader().size())}});
      }
      Activation& a = top();
      a.saved_reader = reader();
      a.moved = true;
      if (!reader().seek(static_cast<std::uint64_t>(position))) std::abort();
      a.field_begin = reader().cursor();
      return true;
    }
    case Op::stay: {
      Activation& a = top();
      if (mode_ == Mode::judge) {
        a.saved_reader = reader();
        a.moved = true;
        reader().align();
        // Whenever it is asked for: a walk has one result.
        const bool has_ended = i.a == 0 && a.self->state == Object::State::read;
        if (has_ended && !reader().seek(a.self->span.end)) std::abort();
      }
      a.field_begin = reader().cursor();
      return true;
    }
    case Op::leave_stream: {
      Activation& a = top();
      if (a.moved && a.frame == Frame::instance && mode_ == Mode::judge && !note_place(a, i.a != 0)) return false;
      leave_stream(a);
      return true;
    }
    case Op::align: reader().align(); return true;
    case Op::keep: top().self->slots()[i.b] = operands_.back(); return true;
    case Op::store: top().self->slots()[i.b] = pop(); return true;
    case Op::push_slot: push(top().self->slots()[i.b]); return true;
    case Op::revisit: {
      Activation& a = top();
      const Value begin = a.self->slots()[i.b];
      const Value end = a.self->slots()[i.b + 1];
      a.saved_reader = reader();
      a.moved = true;
      a.member = static_cast<std::uint32_t>(i.c);
      a.loop.active = false;
      if (begin.tag == Tag::integer && end.tag == Tag::integer && reader().seek(end.bits)) {
        a.field_begin = reader().begin() + begin.bits;
      }
      return true;
    }
    case Op::end_field: {
      Activation& a = top();
      if (a.self->spans == nullptr) return true;
      const auto begin = static_cast<std::uint64_t>(a.field_begin - reader().begin());
      a.self->spans[i.b] = {begin, reader().position()};
      a.self->member_streams[i.b] = stream_;
      return true;
    }

    case Op::call_type: return call_type(i, pc, false);
    case Op::call_type_in: return call_type(i, pc, true);
    case Op::decide_endian:
      top().self->big_endian = i.a != 0;
      top().self->endian_known = true;
      return true;
    case Op::undecided_endian: {
      const Value v = pop();
      return fail(FindingId::undecided_endianness, {{"value", describe(v)}});
    }
    case Op::force: return force(i, pc);
    case Op::end_sequence: {
      Object* self = top().self;
      self->span.end = reader().position();
      self->state = Object::State::read;
      return true;
    }
    case Op::end_type: end_type(pc); return true;
    case Op::end_instance: end_instance(i, pc); return true;
    case Op::opaque: return fail(FindingId::unsupported, {{"reason", std::string(program_.text(i.b))}});

    case Op::loop_count:
    case Op::loop_open:
    case Op::loop_test:
    case Op::scan:
    case Op::append:
    case Op::loop_next:
    case Op::loop_until:
    case Op::pack_array: return step_loop(i, pc);

    case Op::read_scalar:
    case Op::read_scalar_calculated:
    case Op::read_bits:
    case Op::take_sized:
    case Op::take_rest:
    case Op::take_terminated:
    case Op::take_fixed:
    case Op::process:
    case Op::decode:
    case Op::switch_constant:
    case Op::unmatched: return step_read(i, pc);

    case Op::check_equal:
    case Op::check_minimum:
    case Op::check_maximum:
    case Op::check_any_of:
    case Op::check_enum:
    case Op::check_expression:
    case Op::check_assertion:
    case Op::check_checksum: return step_check(i);

    case Op::look_ahead:
    case Op::rule_gate:
    case Op::visit:
    case Op::visit_element:
    case Op::visit_next:
    case Op::push_top:
    case Op::add_row:
    case Op::build_first:
    case Op::build_next:
    case Op::push_build:
    case Op::push_cap:
    case Op::push_tightest:
    case Op::look_up_inputs:
    case Op::inside:
    case Op::judge_collected:
    case Op::undecided:
    case Op::violate:
    case Op::push_used_type:
    case Op::report_use:
    case Op::check_definition:
    case Op::declare: return step_rule(i, pc);

    default: return step_value(i);
  }
}

// Runs until the activation at `base` has ended.
Machine::Ending Machine::run(std::uint32_t pc, std::size_t base) {
  const Instruction* const code = code_.instructions.data();
  for (;;) {
    pc_ = pc++;
    if (step(code[pc_], pc)) [[likely]] {
      if (activations_.size() == base) return Ending::done;
      continue;
    }
    const Trouble trouble = trouble_;
    if (!unwind(pc, base)) {
      if (trouble == Trouble::budget) return Ending::out_of_budget;
      if (trouble == Trouble::needs_everything) return Ending::needs_everything;
      return Ending::failed;
    }
  }
}

}  // namespace sluice::program
