// Where the driver was: calls, innermost first.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuzz/worker/fault_record.h"

namespace sluice::worker {

struct StackBounds {
  std::uintptr_t low = 0;
  std::uintptr_t high = 0;
};
// The stacks that frames may lie on. In the child, once.
void set_stacks(StackBounds kernel, StackBounds main);

// From where a processor stood. Follows frame pointers as long as they lie on one of the stacks and go up.
void record_walk(FramesRecord& frames, std::uintptr_t pc, std::uintptr_t frame, std::uintptr_t stack);
// From the caller of the function whose frame this is.
void record_callers(FramesRecord& frames, const void* frame);
// From return addresses; ends at a null one.
void record_returns(FramesRecord& frames, const void* const* returns, std::size_t count);
// From addresses of instructions.
void record_instructions(FramesRecord& frames, const std::uintptr_t* pcs, std::size_t count);

}  // namespace sluice::worker
