#include "fuzz/image/values.h"

#include <algorithm>

namespace sluice::image {

namespace {

using Kind = Effect::Kind;

constexpr int kMostRounds = 16;

std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

std::size_t RootHash::operator()(const Root& root) const {
  std::uint64_t hash = static_cast<std::uint64_t>(root.kind) << 56 ^ std::uint64_t{root.a} << 24 ^ root.b;
  hash = (hash ^ static_cast<std::uint64_t>(root.number) * 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
  return hash ^ hash >> 31;
}

Values::Values(const Function& function, Register stack_pointer)
    : function_(&function),
      stack_pointer_(stack_pointer),
      left_(function.blocks.size()),
      is_merged_(function.blocks.size()) {
  at_first_.resize(kNumRegisters + kNumSlots);
  for (std::uint32_t i = 0; i < kNumRegisters; ++i) at_first_[i] = fresh({.kind = Root::Kind::argument, .a = i});
  settle();
}

std::uint32_t Values::intern(const Root& root) {
  const auto [at, is_new] = root_indices_.try_emplace(root, static_cast<std::uint32_t>(roots_.size()));
  if (is_new) roots_.push_back(root);
  return at->second;
}

// What is merged stays merged, so this ends; loops inside loops want one more round each.
void Values::settle() {
  bool has_changed = true;
  for (int round = 0; has_changed && round < kMostRounds; ++round) {
    has_changed = false;
    for (const std::uint32_t index : function_->order) {
      enter(index);
      for (const Operation& operation : function_->of(function_->blocks[index])) step(operation);
      if (left_[index] == state_) continue;
      left_[index] = state_;
      has_changed = true;
    }
  }
}

void Values::enter(std::uint32_t block) {
  state_.clear();
  if (block == function_->first_block) state_ = at_first_;
  for (const std::uint32_t before : function_->blocks[block].before) meet(block, left_[before]);
  if (state_.empty()) state_.resize(kNumRegisters + kNumSlots);
  if (is_merged_[block].none()) return;
  for (std::uint32_t i = 0; i < state_.size(); ++i) {
    if (is_merged_[block][i]) state_[i] = fresh({.kind = Root::Kind::merged, .a = block, .b = i});
  }
}

void Values::meet(std::uint32_t block, const State& from) {
  if (from.empty()) return;  // not met yet
  if (state_.empty()) {
    state_ = from;
    return;
  }
  for (std::uint32_t i = 0; i < state_.size(); ++i) {
    Value& into = state_[i];
    const bool is_one = into.root == from[i].root && into.addend == from[i].addend && into.is_exact == from[i].is_exact;
    if (!is_one) is_merged_[block].set(i);
    if (into.read_at != from[i].read_at) into.read_at = 0;
  }
}

Value Values::of(Register reg) const { return reg < kNumRegisters ? state_[reg] : Value{}; }

Value Values::of(const Term& term, std::uint32_t offset) {
  switch (term.kind) {
    case Term::Kind::number: return fresh({.kind = Root::Kind::number, .number = term.number});
    case Term::Kind::reg: return of(term.reg);
    case Term::Kind::place: return load(term.place, offset);
  }
  return {};
}

std::optional<std::int64_t> Values::number(Value value) const {
  const Root& from = root(value);
  if (from.kind != Root::Kind::number || !value.is_exact) return std::nullopt;
  return sum(from.number, value.addend);
}

std::optional<std::uint64_t> Values::place_of(Value value) const {
  const Root& from = root(value);
  const bool is_place = from.kind == Root::Kind::loaded && from.a == 0 && from.b == 0 && value.is_exact;
  return is_place && value.addend == 0 ? std::optional(static_cast<std::uint64_t>(from.number)) : std::nullopt;
}

std::optional<std::uint64_t> Values::stack_used() const {
  const Value value = of(stack_pointer_);
  const Root& from = root(value);
  if (from.kind != Root::Kind::argument || from.a != stack_pointer_ || !value.is_exact) return std::nullopt;
  return value.addend > 0 ? 0 : 0 - static_cast<std::uint64_t>(value.addend);
}

std::optional<std::size_t> Values::slot(const Place& place) {
  if (place.index != kNoRegister || place.base == kNoRegister) return std::nullopt;
  const Value base = of(place.base);
  const Root& from = root(base);
  if (from.kind != Root::Kind::argument || from.a != stack_pointer_ || !base.is_exact) return std::nullopt;
  const std::int64_t distance = sum(base.addend, place.displacement);
  const auto known = slots_.find(distance);
  if (known != slots_.end()) return kNumRegisters + known->second;
  if (slots_.size() == kNumSlots) return std::nullopt;
  const std::size_t index = slots_.size();
  slots_.emplace(distance, index);
  return kNumRegisters + index;
}

Value Values::load(const Place& place, std::uint32_t offset) {
  if (const auto at = slot(place); at && state_[*at].root != 0) return state_[*at];
  const Value base = of(place.base);
  const auto address = place.base == kNoRegister ? std::optional<std::int64_t>(0) : number(base);
  Root root = {.kind = Root::Kind::loaded, .a = offset, .b = 1};
  if (place.index == kNoRegister && address) {
    root = {.kind = Root::Kind::loaded, .number = sum(*address, place.displacement)};
  } else if (place.index == kNoRegister && base.is_exact) {
    root = {.kind = Root::Kind::loaded, .a = base.root, .number = sum(base.addend, place.displacement)};
  }
  Value value = fresh(root);
  value.read_at = offset;
  return value;
}

void Values::step(const Operation& operation) {
  for (std::uint32_t i = 0; i < kNumRegisters; ++i) {
    if ((operation.defines >> i & 1) == 0) continue;
    Root root = {.kind = Root::Kind::defined, .a = operation.offset, .b = i};
    if (operation.flow == Flow::call) {
      root.kind = Root::Kind::returned;
      root.number = number(state_[i]).value_or(0);
    }
    set(i, fresh(root));
  }
  for (std::size_t i = 0; i < operation.num_effects; ++i) apply(operation.effects[i], operation);
}

void Values::apply(const Effect& effect, const Operation& operation) {
  if (effect.kind == Kind::store) {
    if (const auto at = slot(effect.place)) {
      const auto index = static_cast<std::uint32_t>(*at);
      const Value something = fresh({.kind = Root::Kind::defined, .a = operation.offset, .b = index});
      set(*at, effect.source == kNoRegister ? something : of(effect.source));
    }
    return;
  }
  const Register to = effect.destination;
  if (to >= kNumRegisters) return;
  const Value something = fresh({.kind = Root::Kind::defined, .a = operation.offset, .b = to});
  Value value = effect.source < kNumRegisters ? of(effect.source) : something;
  switch (effect.kind) {
    case Kind::define:
    case Kind::store: value = something; break;
    case Kind::copy: value.addend = sum(value.addend, effect.number); break;
    case Kind::derive: value.is_exact = false; break;
    case Kind::constant:
      value = fresh({.kind = Root::Kind::number, .a = operation.offset, .number = effect.number});
      break;
    case Kind::subtract: {
      auto other = number(of(effect.number_of));
      // __chkstk, which keeps the register that says how much stack is wanted.
      const Root& from = root(of(effect.number_of));
      if (to == stack_pointer_ && from.kind == Root::Kind::returned && from.number > 0) other = from.number;
      const auto shifted = static_cast<std::uint64_t>(other.value_or(0)) << effect.number;
      if (other) value.addend = sum(value.addend, static_cast<std::int64_t>(0 - shifted));
      if (!other) value = something;
      break;
    }
    case Kind::mask:
      if (to == stack_pointer_) {  // aligned: at most so much lower
        value.addend = sum(value.addend, sum(effect.number, 1));
      } else {
        value = fresh({.kind = Root::Kind::masked, .a = operation.offset, .number = effect.number});
      }
      break;
    case Kind::select: value = fresh({.kind = Root::Kind::selected, .a = operation.offset}); break;
    case Kind::load: value = load(effect.place, operation.offset); break;
  }
  set(to, value);
}

}  // namespace sluice::image
