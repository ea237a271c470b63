#include "fuzz/worker/kernel_calls.h"

#include <algorithm>
#include <array>

#include "fuzz/kernel_api/control.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/frames.h"
#include "fuzz/worker/image.h"
#include "fuzz/worker/poison.h"
#include "fuzz/worker/readable.h"

namespace sluice::worker::kernel {

namespace {

FaultKind kind_of(std::string_view word) {
  const auto at = std::ranges::find(kFaultKinds, word);
  return at == kFaultKinds.end() ? FaultKind::bugcheck : static_cast<FaultKind>(std::distance(kFaultKinds.begin(), at));
}

std::size_t count(const void* const (&frames)[SLUICE_KERNEL_FRAMES]) {
  return static_cast<std::size_t>(std::ranges::find(frames, nullptr) - std::begin(frames));
}

void on_fault(const char* kind, const char* text) {
  FaultRecord& fault = begin_fault(kind_of(kind));
  copy_text(fault.text, text);
  if (const sluice_allocation* subject = sluice_kernel_subject()) {
    describe(
        {.what = "allocation", .begin = reinterpret_cast<std::uintptr_t>(subject->address), .bytes = subject->size},
        reinterpret_cast<std::uintptr_t>(subject->address), fault.object);
    record_returns(fault.allocated, subject->allocated, count(subject->allocated));
    record_returns(fault.freed, subject->freed, count(subject->freed));
  }
  record_callers(fault.frames);
  end_fault();
}

}  // namespace

void begin(std::size_t budget, const KernelStack& stack) {
  sluice_kernel_on_fault(on_fault);
  sluice_kernel_budget(budget);
  sluice_kernel_stack(stack.area().begin(), stack.area().end());
}

void begin_run(unsigned poison) {
  sluice_kernel_begin();
  sluice_kernel_poison(kPoisonBytes[poison], kFreedBytes[poison]);
  // Both sides are tried, one in each run.
  if (image_under_test.is_loaded()) sluice_kernel_guard(poison == 0 ? SLUICE_GUARD_END : SLUICE_GUARD_BEGIN);
}

void fail_allocation(std::uint32_t n) { sluice_kernel_fail_allocation(n); }

void check_return() {
  sluice_kernel_check_return();
  if (sluice_kernel_counts().refused == 0) return;
  begin_fault(FaultKind::memory);
  end_fault();
}

void check_memory() { sluice_kernel_check_memory(); }

std::size_t allocated() { return sluice_kernel_counts().bytes; }

void forget_leaks() { sluice_kernel_forget(); }

std::uint32_t tell_leaks(LeakRecord* to, std::size_t capacity) {
  static sluice_allocation outstanding[kMaxLeaks];
  const std::size_t room = std::min(capacity, kMaxLeaks);
  const std::size_t found = std::min(sluice_kernel_outstanding(outstanding, room), room);
  for (std::size_t i = 0; i < found; ++i) {
    to[i].bytes = outstanding[i].size;
    char tag[5];
    sluice_kernel_tag_text(outstanding[i].tag, tag);
    copy_text(to[i].tag, tag);
    record_returns(to[i].frames, outstanding[i].allocated, count(outstanding[i].allocated));
  }
  return static_cast<std::uint32_t>(found);
}

void copy_log(Log& log) {
  const std::size_t lines = std::min<std::size_t>(sluice_kernel_num_log_lines(), kMaxLogLines);
  for (std::size_t i = 0; i < lines; ++i) copy_text(log.lines[i], sluice_kernel_log_line(i));
  log.count = static_cast<std::uint32_t>(lines);
}

bool find(std::uintptr_t address, Owner& owner) {
  static sluice_allocation found;
  const sluice_owner whose = sluice_kernel_find(reinterpret_cast<const void*>(address), &found);
  if (whose == SLUICE_NOBODYS) return false;
  static char tag[5];
  sluice_kernel_tag_text(found.tag, tag);
  owner.object = {.what = "allocation",
                  .name = tag,
                  .begin = reinterpret_cast<std::uintptr_t>(found.address),
                  .bytes = found.size,
                  .is_gone = whose == SLUICE_FREED};
  owner.allocated = found.allocated;
  owner.freed = found.freed;
  owner.num_frames = SLUICE_KERNEL_FRAMES;
  return true;
}

}  // namespace sluice::worker::kernel
