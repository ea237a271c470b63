#include "fuzz/worker/fault.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "fuzz/worker/image.h"
#include "fuzz/worker/kernel_calls.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/readable.h"
#include "fuzz/worker/sandbox.h"

namespace sluice::worker {

Shared* shared = nullptr;

namespace {

bool is_telling = false;
std::uint64_t order = 0;

[[noreturn]] void end_child() {
  ::syscall(SYS_exit_group, kChildDone);
  __builtin_trap();
}

}  // namespace

bool is_telling_fault() { return is_telling; }

FaultRecord& begin_fault(FaultKind kind) {
  FaultRecord& fault = shared->fault;
  if (is_telling) end_fault();
  is_telling = true;
  fault.kind = kind;
  fault.access = Access::none;
  fault.size = 0;
  fault.has_address = 0;
  fault.address = 0;
  fault.system_call = -1;
  fault.text[0] = '\0';
  fault.object = {};
  fault.instruction.size = 0;
  fault.frames.count = fault.allocated.count = fault.freed.count = 0;
  fault.is_set = 1;
  // No driver code runs any more, and what tells of it reads the code.
  image_under_test.stop_counting();
  return fault;
}

void end_fault() {
  // Once: this may be what faults.
  static bool is_told = false;
  if (!is_told) {
    is_told = true;
    kernel::copy_log(shared->log);
    shared->stack_used = std::max<std::uint64_t>(shared->stack_used, memory.stack.measure());
  }
  say_done_and_end();
}

void adapter_fault(const char* text, std::uint32_t number, bool has_number) {
  FaultRecord& fault = begin_fault(FaultKind::adapter);
  if (has_number) {
    std::snprintf(fault.text, sizeof fault.text, "%s %u", text, number);
  } else {
    copy_text(fault.text, text);
  }
  end_fault();
}

void say_done() {
  while (::syscall(SYS_write, kAnswerFd, &order, sizeof order) < 0 && errno == EINTR) {
  }
}

void say_done_and_end() {
  say_done();
  end_child();
}

bool read_order() {
  ssize_t got = 0;
  do {
    got = ::syscall(SYS_read, kOrderFd, &order, sizeof order);
  } while (got < 0 && errno == EINTR);
  return got == sizeof order;
}

}  // namespace sluice::worker
