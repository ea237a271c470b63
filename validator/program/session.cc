#include "validator/program/session.h"

#include "validator/program/tree.h"

namespace sluice::program {

Session::Session(const Program& program, std::span<const std::uint8_t> content, const Limits& limits, Reading reading)
    : reading_(reading),
      machine_(std::make_unique<Machine>(program, program.full, content, limits,
                                         reading == Reading::past_failures ? Machine::Mode::judge : Machine::Mode::look,
                                         findings_, name_)) {}

Session::~Session() = default;

bool Session::read() {
  const Machine::Ending ending = machine_->read_root();
  is_exhausted_ = ending == Machine::Ending::out_of_budget;
  return ending == Machine::Ending::done;
}

std::optional<Value> Session::evaluate(std::uint32_t entry) { return evaluate(entry, machine_->root(), {}, 0); }

std::optional<Value> Session::evaluate(std::uint32_t entry, Object* self, const Value& element, std::uint64_t index) {
  Value out;
  if (machine_->evaluate(self, entry, out, element, index) != Machine::Ending::done) return std::nullopt;
  return out;
}

std::optional<Value> Session::member(Object* object, std::uint32_t member) {
  if (reading_ == Reading::to_first_failure) return member_value(*machine_, object, member);
  // What was given up has no instances: they may need what was not read.
  const bool may_evaluate = !is_exhausted_ && object->state == Object::State::read;
  const Value& slot = object->slots()[object->type->members[member].slot];
  if (slot.tag == Tag::absent && !may_evaluate) return std::nullopt;
  const auto value = member_value(*machine_, object, member);
  is_exhausted_ |= !value && machine_->failure() && is_no_verdict(machine_->failure()->id);
  return value;
}

const Finding& Session::failure() const {
  // A value that is missing because its structure was cut short fails without a finding of its own.
  static const Finding lost =
      Finding::of(FindingId::null_access).with("what", "a value of a structure that is cut short");
  return machine_->failure() ? *machine_->failure() : lost;
}

Object* Session::root() const { return machine_->root(); }

const Program& Session::program() const { return machine_->program(); }

namespace {

std::optional<ByteRange> absolute(const Machine& machine, const Stream* stream, Span span) {
  if (stream == nullptr) return std::nullopt;
  const auto base = machine.offset_of(stream->reader.begin());
  if (!base) return std::nullopt;
  return ByteRange{*base + span.begin, *base + span.end};
}

}  // namespace

std::optional<ByteRange> Session::bytes_of(const Object* object, std::uint32_t member) const {
  if (object->spans == nullptr) return std::nullopt;
  return absolute(*machine_, object->member_streams[member], object->spans[member]);
}

std::optional<ByteRange> Session::bytes_of(const Object* object, std::uint32_t member, std::uint64_t element) const {
  const Value& value = const_cast<Object*>(object)->slots()[object->type->members[member].slot];
  if (value.tag != Tag::array || value.array->spans == nullptr || element >= value.array->count) return std::nullopt;
  return absolute(*machine_, value.array->stream, value.array->spans[element]);
}

}  // namespace sluice::program
