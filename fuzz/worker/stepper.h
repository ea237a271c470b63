// Watches an array while the integration code runs, instruction by instruction: which slots were stored to since the
// memory under them last belonged to nobody.
//
// Two runs under two poisons cannot tell an element from what an earlier call left there, or from a return address that
// happens to follow the array. This can, without reading an instruction: a slot whose bytes change was stored to;
// memory below the stack pointer (and the 128 bytes that a leaf function may use there) is nobody's and is poisoned
// again; what changes right at a stack pointer that went down by 8 was pushed.
#pragma once

#include "fuzz/worker/target.h"

namespace sluice::worker {

// The array is shared->job's. At most a million instructions.
sluice_result evaluate_stepping(const Target& target, const sluice_event& event);

// The array has been handed over: tells what was seen, and ends the child.
[[noreturn]] void finish_stepping(const void* array);

}  // namespace sluice::worker
