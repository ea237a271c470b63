// Which instructions of emulated code put a caller's registers away: what they store is no element of an array.
#pragma once

#include <array>
#include <cstdint>

#include "fuzz/image/emulator.h"

namespace sluice::worker {

// Code for AArch64 has no push. A function saves the registers that it must preserve, and its return address, by
// ordinary stores to its frame. Such a store is told from others by its registers, which still hold what they held when
// the function was entered.
class SavedRegisters {
 public:
  // In front of each instruction, from the first one on. Whether the instruction before was such a store.
  bool step(const image::Emulator& emulator, std::uintptr_t pc);

 private:
  static constexpr unsigned kFirst = 19;
  static constexpr unsigned kLast = 30;
  static constexpr std::size_t kMostCalls = 256;
  using Preserved = std::array<std::uint64_t, kLast - kFirst + 1>;

  void enter(const image::Emulator& emulator);
  [[nodiscard]] bool is_preserved(const image::Emulator& emulator, unsigned number) const;
  [[nodiscard]] bool is_save(const image::Emulator& emulator, std::uint32_t instruction) const;

  std::uintptr_t before_ = 0;
  std::size_t depth_ = 0;  // may be more than is kept
  std::array<Preserved, kMostCalls> calls_{};
};

}  // namespace sluice::worker
