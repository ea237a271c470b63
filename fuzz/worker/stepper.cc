#include "fuzz/worker/stepper.h"

#include <ucontext.h>

#include <algorithm>
#include <array>

#include "fuzz/worker/call.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/poison.h"
#include "fuzz/worker/readable.h"
#include "fuzz/worker/signals.h"

namespace sluice::worker {

namespace {

constexpr std::uint64_t kMaxSteps = 1'000'000;
constexpr std::uintptr_t kRedZone = 128;

struct Watch {
  std::uintptr_t array = 0;
  std::size_t element_size = 0;
  std::size_t num_slots = 0;
  std::uintptr_t stack = 0;       // the stack pointer before this instruction
  std::uint64_t instruction = 0;  // that is about to run
  bool is_off = false;
};

Watch watch;
std::array<std::uint8_t, kMaxSlotBytes> before;
std::array<std::uint8_t, kMaxSlotBytes> now;

void poison(std::uintptr_t at, std::size_t size) {
  auto* bytes = reinterpret_cast<volatile std::uint8_t*>(at);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = kPoisonBytes[0];
}

// Slots that lie on the stack below what is in use. What is pushed ends the use of what is below.
std::size_t num_dead_slots(std::uintptr_t stack, bool has_pushed) {
  const GuardedArea& area = memory.stack.area();
  const std::uintptr_t used = has_pushed ? stack : stack - kRedZone;
  if (!area.is_inside(watch.array) || !area.is_inside(stack) || watch.array >= used) return 0;
  return std::min(watch.num_slots, (used - watch.array) / watch.element_size);
}

void look(const ucontext_t& context) {
  const auto stack = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]);
  const auto frame = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RBP]);
  const bool has_pushed = watch.stack - stack == sizeof(std::uint64_t);
  watch.stack = stack;
  const std::size_t bytes = watch.num_slots * watch.element_size;
  if (copy_readable(now.data(), reinterpret_cast<const void*>(watch.array), bytes) != bytes) return;

  Steps& steps = shared->steps;
  for (std::size_t i = 0; i < watch.num_slots; ++i) {
    const std::size_t at = i * watch.element_size;
    if (std::equal(&now[at], &now[at] + watch.element_size, &before[at])) continue;
    const bool is_at_stack = watch.array + at - (stack & ~std::uintptr_t{7}) < sizeof(std::uint64_t);
    if (steps.slots[i] == Slot::untouched) {
      steps.instructions[i] = watch.instruction;
      steps.times[i] = steps.count;
    }
    steps.slots[i] = has_pushed && is_at_stack ? Slot::pushed : Slot::stored;
    steps.writers[i] = frame;
  }
  watch.instruction = static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]);
  const std::size_t dead = num_dead_slots(stack, has_pushed);
  for (std::size_t i = 0; i < dead; ++i) steps.slots[i] = Slot::untouched;
  poison(watch.array, dead * watch.element_size);
  std::fill_n(now.begin(), dead * watch.element_size, kPoisonBytes[0]);
  std::copy_n(now.begin(), bytes, before.begin());
}

void on_step(ucontext_t& context) {
  constexpr greg_t kTrap = 0x100;
  if (!watch.is_off && ++shared->steps.count <= kMaxSteps) return look(context);
  context.uc_mcontext.gregs[REG_EFL] &= ~kTrap;
}

}  // namespace

sluice_result evaluate_stepping(const Target& target, const sluice_event& event) {
  const Job& job = shared->job;
  watch.array = job.array;
  watch.element_size = job.element_size;
  watch.num_slots = job.num_slots;
  watch.stack = reinterpret_cast<std::uintptr_t>(memory.stack.area().end());
  before.fill(kPoisonBytes[0]);
  copy_readable(before.data(), reinterpret_cast<const void*>(watch.array), watch.num_slots * watch.element_size);
  set_step(on_step);
  const auto function = reinterpret_cast<KernelStack::Function>(reinterpret_cast<std::uintptr_t>(target.evaluate));
  const std::uint64_t word = memory.stack.call_stepping(function, &event, 0);
  set_step(nullptr);
  return as_result(word);
}

void finish_stepping(const void* array) {
  watch.is_off = true;
  shared->steps.is_complete =
      shared->steps.count <= kMaxSteps && reinterpret_cast<std::uintptr_t>(array) == watch.array;
  say_done_and_end();
}

}  // namespace sluice::worker
