// Where the driver was: calls, innermost first, without what is around them: the worker, and the loader.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <cstdint>

#include "fuzz/worker/fault_record.h"

namespace sluice::worker {

struct StackBounds {
  std::uintptr_t low = 0;
  std::uintptr_t high = 0;
};
// The stacks that frames may lie on, and the driver's file. In the child, once.
void set_stacks(StackBounds kernel, StackBounds main);
void set_driver(const char* path);

// From where the processor stood when it came to a signal.
void record_context(FramesRecord& frames, const ucontext_t& context);
// From where an image's code stood that is emulated.
void record_image(FramesRecord& frames, std::uintptr_t pc, std::uintptr_t stack);
// From whoever called into the worker or into a sanitizer's runtime.
void record_callers(FramesRecord& frames);
// From return addresses; ends at a null one.
void record_returns(FramesRecord& frames, const void* const* returns, std::size_t count);
// From addresses of instructions.
void record_instructions(FramesRecord& frames, const std::uintptr_t* pcs, std::size_t count);

}  // namespace sluice::worker
