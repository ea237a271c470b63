// Faults of an image that is emulated, told as those of one that runs by itself.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include "fuzz/image/emulator.h"

namespace sluice::worker {

// What the emulated processor came to.
[[noreturn]] void tell_trap(const image::Emulator& emulator, const image::Trap& trap);

// A signal that came while emulated code was run.
[[noreturn]] void tell_emulated(const image::Emulator& emulator, int signal, const siginfo_t& info,
                                const ucontext_t& context);

}  // namespace sluice::worker
