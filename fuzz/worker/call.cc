#include "fuzz/worker/call.h"

#include <bit>

#include "fuzz/worker/fault.h"
#include "fuzz/worker/image.h"
#include "fuzz/worker/kernel_calls.h"
#include "fuzz/worker/memory.h"

namespace sluice::worker {

namespace {

// A result of two words comes in one register, and what returns nothing leaves it as it is.
template <typename Function>
KernelStack::Function plain(Function function) {
  return reinterpret_cast<KernelStack::Function>(reinterpret_cast<std::uintptr_t>(function));
}

}  // namespace

std::span<const std::uint8_t> job_content() { return {shared->input, shared->job.content_size}; }
std::span<const std::uint8_t> job_events() {
  return {shared->input + shared->job.content_size, shared->job.events_size};
}

void enter(Phase phase, std::uint32_t event) {
  Progress& progress = shared->progress;
  progress.has_reached.store(0, std::memory_order_relaxed);
  progress.event.store(event, std::memory_order_relaxed);
  progress.phase.store(phase, std::memory_order_relaxed);
}

sluice_result as_result(std::uint64_t word) {
  const auto result = std::bit_cast<sluice_result>(word);
  if (result.status > SLUICE_REFUSED) adapter_fault("returned an unknown status:", result.status, true);
  return result;
}

sluice_result call_load(const Target& target, bool is_sealed) {
  enter(Phase::load);
  kernel::fail_allocation(shared->job.fail_allocation);
  // Of an image both sides are tried, as of its allocations.
  const bool is_second = image_under_test.is_loaded() && shared->progress.run.load(std::memory_order_relaxed) == 1;
  const auto edge = is_second ? ContentMemory::Edge::begin : ContentMemory::Edge::end;
  const void* content = memory.content.place(job_content(), edge, is_sealed);
  const sluice_result result = as_result(memory.stack.call(plain(target.load), content, shared->job.content_size));
  kernel::fail_allocation(0);
  memory.content.retire();
  kernel::check_return();
  return result;
}

sluice_result call_evaluate(const Target& target, const sluice_event& event) {
  memory.arrays.begin_call();
  return as_result(memory.stack.call(plain(target.evaluate), &event, 0));
}

void call_unload(const Target& target) {
  enter(Phase::unload);
  memory.stack.call(plain(target.unload), nullptr, 0);
  kernel::check_return();
}

}  // namespace sluice::worker
