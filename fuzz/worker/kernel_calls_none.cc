// Without the stand-ins for the kernel: a target that calls none.
#include "fuzz/worker/kernel_calls.h"

namespace sluice::worker::kernel {

void begin(std::size_t, const KernelStack&) {}
void begin_run(unsigned) {}
void fail_allocation(std::uint32_t) {}
void check_return() {}
void check_memory() {}
std::uint32_t take_leaks(LeakRecord*, std::size_t) { return 0; }
void copy_log(Log& log) { log.count = 0; }
bool find(std::uintptr_t, Owner&) { return false; }

}  // namespace sluice::worker::kernel
