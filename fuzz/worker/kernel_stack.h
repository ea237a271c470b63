// The stack that drivers run on: of kernel size, with a guard below, filled with poison.
//
// Code that AddressSanitizer instruments needs larger frames than the kernel gives it. There the stack is
// kInstrumentedFrames times as large, and what is said of its use is of instrumented frames.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuzz/worker/guarded_area.h"
#include "fuzz/worker/shadow.h"

namespace sluice::worker {

inline constexpr std::size_t kInstrumentedFrames = kSanitized ? 3 : 1;

class KernelStack {
 public:
  // One for which a word is returned in a register: all that a target offers.
  using Function = std::uint64_t (*)(const void*, std::uint64_t);

  [[nodiscard]] bool map(std::size_t size) { return area_.map(size * kInstrumentedFrames, kGuard); }

  // Makes it the stack that AddressSanitizer knows of. Once and for all: the worker's own code, which goes on on
  // another one, is none that it looks after.
  void adopt() const;

  // Calls on this stack, from its top. Registers that are no argument hold a pattern that goes with what fills it.
  std::uint64_t call(Function function, const void* first, std::uint64_t second) const;
  // The same, with the processor's trap flag set: a SIGTRAP after each instruction.
  std::uint64_t call_stepping(Function function, const void* first, std::uint64_t second) const;

  // Fills all of it.
  void fill(std::uint8_t byte);
  // Fills what was used since the last fill.
  void refill();
  // Bytes in use at the deepest since the last fill(). Exact unless the driver wrote the poison itself.
  std::size_t measure();

  [[nodiscard]] const GuardedArea& area() const { return area_; }

 private:
  // Wide, for frames that step over a narrow one.
  static constexpr std::size_t kGuard = 16u << 20;

  GuardedArea area_;
  std::uint8_t byte_ = 0;
  std::uint8_t* deepest_ = nullptr;  // below is untouched
};

}  // namespace sluice::worker
