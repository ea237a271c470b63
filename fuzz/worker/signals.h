// What a child does with signals: a fault becomes a record, and a system call that is not allowed is either answered in
// the system's stead or a fault.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include "fuzz/worker/guarded_area.h"

namespace sluice::worker {

// Before the sandbox.
bool install_handlers(const GuardedArea& signal_stack);

// The file that may be opened, once, and only while it is being loaded.
void begin_loading(const char* path);
void end_loading();

// After each instruction of a call that is stepped through. Called on the signal stack.
using StepFunction = void (*)(ucontext_t& context);
void set_step(StepFunction step);

}  // namespace sluice::worker
