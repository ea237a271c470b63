// From what the processor says of a fault to what it means.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include <cstdint>

#include "fuzz/worker/fault_record.h"

namespace sluice::worker {

// Fills a record for one of SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT.
void classify(int signal, const siginfo_t& info, const ucontext_t& context, FaultRecord& fault);

// What is said of an address that was used though it is none of the driver's, or no longer. False if nothing is known.
bool classify_address(std::uintptr_t address, FaultRecord& fault);

}  // namespace sluice::worker
