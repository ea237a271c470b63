// What Breakpoints do, without a signal: a jump at the begin of a function to what stops there, and back. On a stack
// that is not the driver's, so that nothing is left on that one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/image/arena.h"
#include "fuzz/image/blocks.h"
#include "fuzz/image/mapped.h"

namespace sluice::image {

class Detours {
 public:
  // At entry, in the order in which they are kept. `stack` is where the fifth argument of a Windows function lies,
  // below the return address and what belongs to the called.
  struct Arguments {
    std::uint64_t rcx;
    std::uint64_t rdx;
    std::uint64_t rsi;
    std::uint64_t rdi;
    std::uint64_t r8;
    std::uint64_t r9;
    std::uint64_t stack_pointer;
  };
  using Serve = void (*)(std::uint32_t offset, Arguments& arguments);

  // Both must outlive this. `stack_end` is the end of memory that `serve` runs on. One object at a time in a process.
  Detours(const Mapped& mapped, Arena& arena, std::uint8_t* stack_end, Serve serve);

  // False where there can be none, and nothing has changed: where the function is too short, begins with what cannot be
  // moved, or where one of `blocks` begins within its first instructions. Before traps are set. Twice is once.
  bool set(std::uint32_t offset, std::span<const Block> blocks);

  // Before each call into the driver: what a fault left on the stack is gone.
  void begin_call() const;

 private:
  const Mapped* mapped_;
  Arena* arena_;
  std::uint8_t* stack_end_;
  std::vector<std::uint32_t> offsets_;
  std::uint8_t* copies_ = nullptr;  // a page of them
};

}  // namespace sluice::image
