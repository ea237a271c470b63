// Stops at the begin of functions, for good: the instruction there becomes a trap, and runs from a copy elsewhere.
#pragma once

#include <cstdint>
#include <vector>

#include "fuzz/image/arena.h"
#include "fuzz/image/mapped.h"

namespace sluice::image {

struct Breakpoint {
  std::uint32_t offset;
  std::uintptr_t continue_at;  // the copy of the instruction, with a jump back behind it
};

class Breakpoints {
 public:
  // Both must outlive this.
  Breakpoints(const Mapped& mapped, Arena& arena) : mapped_(&mapped), arena_(&arena) {}

  // Sets one. What cannot be is returned as a sentence about the function, and nothing has changed. Twice is once.
  Parsed<void> set(std::uint32_t offset);

  // The one that the processor stopped at when it trapped in front of `pc`; null: none of these. Signal-safe.
  [[nodiscard]] const Breakpoint* before(std::uintptr_t pc) const;

 private:
  const Mapped* mapped_;
  Arena* arena_;
  std::vector<Breakpoint> breakpoints_;  // sorted by offset
  std::uint8_t* copies_ = nullptr;       // a page of them
  std::size_t num_copies_ = 0;
};

}  // namespace sluice::image
