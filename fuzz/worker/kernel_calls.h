// What the worker wants of the stand-ins for the kernel (fuzz/kernel_api), in its own words.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuzz/worker/fault_record.h"
#include "fuzz/worker/kernel_stack.h"
#include "fuzz/worker/object.h"
#include "fuzz/worker/shared.h"

namespace sluice::worker::kernel {

// In the child, once, before any code of the driver.
void begin(std::size_t budget, const KernelStack& stack);

// Before a run: memory that nobody has written holds the poison of that number.
void begin_run(unsigned poison);
// The n-th allocation from now fails; 0: none.
void fail_allocation(std::uint32_t n);
// After a call: what the driver must not leave behind, memory that it asked for beyond its budget, and damage that can
// still be seen, are faults.
void check_return();
void check_memory();
// Bytes that are allocated now, forgotten ones among them.
std::size_t allocated();

// What is allocated now is nobody's leak.
void forget_leaks();
// What is still allocated.
std::uint32_t tell_leaks(LeakRecord* to, std::size_t capacity);

// The rest may be called from a signal handler.
void copy_log(Log& log);

struct Owner {
  Object object;
  const void* const* allocated = nullptr;
  const void* const* freed = nullptr;
  std::size_t num_frames = 0;
};
// Whose memory an address is. Valid until the next call.
bool find(std::uintptr_t address, Owner& owner);

}  // namespace sluice::worker::kernel
