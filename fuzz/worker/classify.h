// From what the processor says of a fault to what it means.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "fuzz/worker/fault_record.h"

namespace sluice::worker {

// Fills a record for one of SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT.
void classify(int signal, const siginfo_t& info, const ucontext_t& context, FaultRecord& fault);

// Of the processor that came to a fault, this one or an emulated one.
struct Machine {
  static constexpr std::size_t kMost = 31;
  std::uintptr_t stack = 0;
  std::array<std::uint64_t, kMost> general{};  // without the stack pointer; unused ones are 0
};
// Of the page fault that a signal tells.
Access access_of(const ucontext_t& context);
// The same for a use of an address that could not be.
void classify_access(std::uintptr_t address, Access access, const Machine& machine, FaultRecord& fault);

// What is said of an address that was used though it is none of the driver's, or no longer. False if nothing is known.
bool classify_address(std::uintptr_t address, FaultRecord& fault);

}  // namespace sluice::worker
