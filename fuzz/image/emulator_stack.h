// The two stacks of an emulator: its own, and that of who calls into the image, which is emulated code's.
#pragma once

#include <cstdint>

extern "C" {
// Runs on the emulator's stack, which is free below `top`. `stack` is what is free of the caller's.
void sluice_enter_emulator(void (*run)(void* call, std::uintptr_t stack), void* call, void* top);

// Calls a function of ours with twelve arguments on the emulated stack, as if emulated code had called it: what a frame
// pointer leads to is a pair of the caller's frame and the return address, on both processors. From where the
// emulator's stack is free meanwhile goes to `top`.
std::uint64_t sluice_leave_emulator(const void* function, const std::uint64_t* arguments, std::uintptr_t stack,
                                    const std::uint64_t* pair, void** top);
}
