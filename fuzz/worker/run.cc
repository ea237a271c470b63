#include "fuzz/worker/run.h"

#include <algorithm>

#include "fuzz/worker/call.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/image.h"
#include "fuzz/worker/kernel_calls.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/poison.h"
#include "fuzz/worker/trace.h"

namespace sluice::worker {

namespace {

bool differ(const sluice_result& first, const sluice_result& second) {
  return first.status != second.status || first.code != second.code;
}

// Only the first is told: what comes after it may follow from it.
void compare(bool at_load, std::uint32_t event, const sluice_result& first, const sluice_result& second) {
  Disagreement& told = shared->disagreement;
  if (told.is_set || !differ(first, second)) return;
  told = {.is_set = 1, .at_load = at_load, .event = event, .first = first, .second = second};
}

// Between the calls of an oracle's run nothing of the call before is left on the stack.
void evaluate_under_poison(const Target& target, bool is_first) {
  const std::uint32_t count = memory.events.size();
  for (std::uint32_t i = 0; i < count; ++i) {
    enter(Phase::evaluate, i);
    memory.stack.refill();
    const sluice_result result = call_evaluate(target, memory.events.next());
    kernel::check_return();
    if (is_first) {
      shared->results[i] = result;
      if (result.status != SLUICE_ACCEPTED) trace_refusal(i);
      shared->progress.evaluated.store(i + 1, std::memory_order_relaxed);
    } else {
      compare(false, i, shared->results[i], result);
    }
  }
}

// The same without the oracle: nothing between two calls that takes time.
void evaluate(const Target& target) {
  const std::uint32_t count = memory.events.size();
  for (std::uint32_t i = 0; i < count; ++i) {
    enter(Phase::evaluate, i);
    const sluice_result result = call_evaluate(target, memory.events.next());
    shared->results[i] = result;
    if (result.status != SLUICE_ACCEPTED) trace_refusal(i);
    kernel::check_return();
    shared->progress.evaluated.store(i + 1, std::memory_order_relaxed);
  }
}

void run_once(const Target& target, unsigned poison) {
  const Job& job = shared->job;
  const bool is_first = poison == 0;
  shared->progress.run.store(poison, std::memory_order_relaxed);
  kernel::begin_run(poison);
  memory.stack.fill(kPoisonBytes[poison]);
  memory.events.load(job_events(), kPoisonBytes[poison]);

  const bool is_last = poison + 1 == job.poisons;
  const sluice_result loaded = call_load(target, is_last && job.sealed != 0);
  if (is_first) {
    shared->load = loaded;
    shared->has_load = 1;
  } else {
    compare(true, 0, shared->load, loaded);
  }
  if (loaded.status == SLUICE_ACCEPTED) {
    if (is_first) begin_trace(job.trace != 0, job.once != 0);
    if (job.poisons == 1) {
      evaluate(target);
    } else {
      evaluate_under_poison(target, is_first);
    }
    end_trace();
    call_unload(target);
    // Part of the oracle, and as slow as all that the driver holds is large.
    if (job.poisons == 2) kernel::check_memory();
  }
  if (is_first && job.leaks) shared->num_leaks = kernel::tell_leaks(shared->leaks, kMaxLeaks);
  shared->stack_used = std::max<std::uint64_t>(shared->stack_used, memory.stack.measure());
}

}  // namespace

void run(const Target& target) {
  const Job& job = shared->job;
  image_under_test.begin_counting();
  memory.arrays.begin_request({job.supplies, std::min<std::size_t>(job.num_supplies, kMaxSupplies)});
  if (job.leaks) kernel::forget_leaks();
  for (unsigned poison = 0; poison < job.poisons && poison < kPoisonBytes.size(); ++poison) run_once(target, poison);
  shared->still_allocated = kernel::allocated();
  kernel::copy_log(shared->log);
}

}  // namespace sluice::worker
