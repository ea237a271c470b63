// Which values are one: a simple tracking of registers and stack slots through a function, so that a check of a copy is
// a check of the value. Two places have the same root where what they hold comes from one definition by copying,
// extending, shifting, multiplying and adding constants.
//
// A heuristic: memory beyond the stack is taken to hold what it held when it was read before.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "fuzz/image/function.h"

namespace sluice::image {

struct Root {
  enum class Kind : std::uint8_t {
    nothing,
    argument,  // what register `a` held when the function was entered
    number,    // `number`
    defined,   // by the operation at offset `a`, as register or slot `b`
    returned,  // by the call at offset `a`, as register `b`, which held `number` before, if it was one
    merged,    // of several, where block `a` begins, in register or slot `b`
    loaded,    // from memory at root `a` plus `number`, or by the operation at `a` where `b` is 1
    masked,    // by the operation at `a`: at most `number`
    selected,  // by the operation at `a`, from what was compared before
  };
  Kind kind = Kind::nothing;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::int64_t number = 0;

  bool operator==(const Root&) const = default;
};

struct RootHash {
  std::size_t operator()(const Root& root) const;
};

struct Value {
  std::uint32_t root = 0;     // an index; 0: not met yet
  std::uint32_t read_at = 0;  // the operation that loaded it, 0: none
  std::int64_t addend = 0;
  bool is_exact = false;  // it is the root plus the addend

  bool operator==(const Value&) const = default;
};

class Values {
 public:
  explicit Values(const Function& function, Register stack_pointer);

  // Of a place in front of operation `at`, which is of the block that was entered last by `enter`.
  void enter(std::uint32_t block);
  void step(const Operation& operation);  // over it

  [[nodiscard]] Value of(Register reg) const;
  [[nodiscard]] Value of(const Term& term, std::uint32_t offset);
  [[nodiscard]] const Root& root(Value value) const { return roots_[value.root]; }
  [[nodiscard]] std::optional<std::int64_t> number(Value value) const;
  // Where in the image it was loaded from; nothing where that is not known.
  [[nodiscard]] std::optional<std::uint64_t> place_of(Value value) const;
  // How far the stack pointer is below where it was when the function was entered; nothing where that is not known.
  [[nodiscard]] std::optional<std::uint64_t> stack_used() const;

 private:
  static constexpr std::size_t kNumSlots = 48;
  using State = std::vector<Value>;  // registers, then slots

  void settle();
  void meet(std::uint32_t block, const State& from);
  void apply(const Effect& effect, const Operation& operation);
  void set(std::size_t index, Value value) { state_[index] = value; }
  std::uint32_t intern(const Root& root);
  Value fresh(const Root& root) { return {.root = intern(root), .addend = 0, .is_exact = true}; }
  Value load(const Place& place, std::uint32_t offset);
  // Of what the stack pointer was at first plus a constant; nothing where it is another place.
  std::optional<std::size_t> slot(const Place& place);

  const Function* function_;
  Register stack_pointer_;
  State at_first_;  // when the function is entered
  State state_;
  std::vector<State> left_;                                        // by block, behind it; empty: not met
  std::vector<std::bitset<kNumRegisters + kNumSlots>> is_merged_;  // by block, in front of it
  std::vector<Root> roots_{Root{}};
  std::unordered_map<Root, std::uint32_t, RootHash> root_indices_;
  std::unordered_map<std::int64_t, std::size_t> slots_;  // by distance
};

}  // namespace sluice::image
