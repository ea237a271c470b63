#include "fuzz/worker/saved_registers.h"

#include "fuzz/worker/readable.h"

namespace sluice::worker {

namespace {

constexpr unsigned kStackPointer = 31;

// What an instruction is, by the bits that say so.
struct Pattern {
  std::uint32_t mask;
  std::uint32_t bits;
  [[nodiscard]] constexpr bool is(std::uint32_t instruction) const { return (instruction & mask) == bits; }
};
constexpr Pattern kCall = {0xFC000000, 0x94000000};          // bl
constexpr Pattern kCallRegister = {0xFFFFFC1F, 0xD63F0000};  // blr
constexpr Pattern kReturn = {0xFFFFFC1F, 0xD65F0000};        // ret
constexpr Pattern kStorePair = {0xFEC00000, 0xA8800000};     // stp x, x, [n, #i]! and its kin
constexpr Pattern kStorePairAt = {0xFFC00000, 0xA9000000};   // stp x, x, [n, #i]
constexpr Pattern kStore = {0xFFC00000, 0xF9000000};         // str x, [n, #i]
constexpr Pattern kStoreBefore = {0xFFE00C00, 0xF8000C00};   // str x, [n, #i]!

constexpr unsigned field(std::uint32_t instruction, unsigned at) { return instruction >> at & 31; }

}  // namespace

void SavedRegisters::enter(const image::Emulator& emulator) {
  if (depth_ < kMostCalls) {
    for (unsigned i = kFirst; i <= kLast; ++i) calls_[depth_][i - kFirst] = emulator.general(i);
  }
  ++depth_;
}

bool SavedRegisters::is_preserved(const image::Emulator& emulator, unsigned number) const {
  return number >= kFirst && number <= kLast && depth_ > 0 && depth_ <= kMostCalls &&
         calls_[depth_ - 1][number - kFirst] == emulator.general(number);
}

bool SavedRegisters::is_save(const image::Emulator& emulator, std::uint32_t instruction) const {
  if (field(instruction, 5) != kStackPointer || !is_preserved(emulator, field(instruction, 0))) return false;
  if (kStorePair.is(instruction) || kStorePairAt.is(instruction)) {
    return is_preserved(emulator, field(instruction, 10));
  }
  return kStore.is(instruction) || kStoreBefore.is(instruction);
}

bool SavedRegisters::step(const image::Emulator& emulator, std::uintptr_t pc) {
  std::uint32_t instruction = 0;
  const std::uintptr_t before = before_;
  before_ = pc;
  if (before == 0 || copy_readable(&instruction, reinterpret_cast<const void*>(before), sizeof instruction) == 0) {
    enter(emulator);
    return false;
  }
  // A call of an import returns before the next step.
  const bool has_called = (kCall.is(instruction) || kCallRegister.is(instruction)) && pc != before + sizeof instruction;
  if (has_called) enter(emulator);
  const bool is_saved = is_save(emulator, instruction);
  if (kReturn.is(instruction) && depth_ > 0) --depth_;
  return is_saved;
}

}  // namespace sluice::worker
