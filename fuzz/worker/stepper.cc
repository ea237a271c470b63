#include "fuzz/worker/stepper.h"

#include <ucontext.h>

#include <algorithm>
#include <array>

#include "fuzz/worker/call.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/image.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/poison.h"
#include "fuzz/worker/readable.h"
#include "fuzz/worker/saved_registers.h"
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

// What the last instruction left.
struct State {
  std::uintptr_t next;   // the instruction that is about to run
  std::uintptr_t stack;  // the stack pointer
  std::uintptr_t frame;
  std::uintptr_t used;  // where the stack's use ends
  // Where an instruction has put away what is no element: a return address, a register. Empty where it has not.
  std::uintptr_t pushed_begin;
  std::uintptr_t pushed_end;
};

// Slots that lie on the stack below what is in use.
std::size_t num_dead_slots(std::uintptr_t stack, std::uintptr_t used) {
  const GuardedArea& area = memory.stack.area();
  if (!area.is_inside(watch.array) || !area.is_inside(stack) || watch.array >= used) return 0;
  return std::min(watch.num_slots, (used - watch.array) / watch.element_size);
}

void look(const State& state) {
  const std::size_t bytes = watch.num_slots * watch.element_size;
  if (copy_readable(now.data(), reinterpret_cast<const void*>(watch.array), bytes) != bytes) return;

  Steps& steps = shared->steps;
  for (std::size_t i = 0; i < watch.num_slots; ++i) {
    const std::size_t at = i * watch.element_size;
    if (std::equal(&now[at], &now[at] + watch.element_size, &before[at])) continue;
    const bool is_pushed = watch.array + at - state.pushed_begin < state.pushed_end - state.pushed_begin;
    if (steps.slots[i] == Slot::untouched) {
      steps.instructions[i] = watch.instruction;
      steps.times[i] = steps.count;
    }
    steps.slots[i] = is_pushed ? Slot::pushed : Slot::stored;
    steps.writers[i] = state.frame;
  }
  watch.instruction = state.next;
  const std::size_t dead = num_dead_slots(state.stack, state.used);
  for (std::size_t i = 0; i < dead; ++i) steps.slots[i] = Slot::untouched;
  poison(watch.array, dead * watch.element_size);
  std::fill_n(now.begin(), dead * watch.element_size, kPoisonBytes[0]);
  std::copy_n(now.begin(), bytes, before.begin());
}

bool is_to_look() { return !watch.is_off && ++shared->steps.count <= kMaxSteps; }

// What is pushed ends the use of what is below.
void on_step(ucontext_t& context) {
  constexpr greg_t kTrap = 0x100;
  if (!is_to_look()) {
    context.uc_mcontext.gregs[REG_EFL] &= ~kTrap;
    return;
  }
  const auto stack = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]);
  const bool has_pushed = watch.stack - stack == sizeof(std::uint64_t);
  watch.stack = stack;
  const std::uintptr_t aligned = stack & ~std::uintptr_t{7};
  look({.next = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]),
        .stack = stack,
        .frame = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RBP]),
        .used = has_pushed ? stack : stack - kRedZone,
        .pushed_begin = aligned,
        .pushed_end = has_pushed ? aligned + sizeof(std::uint64_t) : aligned});
}

SavedRegisters saved_registers;

void on_emulated_step(const image::Emulator& emulator, std::uintptr_t pc) {
  constexpr unsigned kStackPointer = 31;
  if (!is_to_look()) return;
  const bool has_saved = saved_registers.step(emulator, pc);
  const std::uintptr_t stack = emulator.general(kStackPointer);
  // All that one instruction stores is of one kind.
  look({.next = pc,
        .stack = stack,
        .frame = stack,  // code that keeps no frame pointer moves it when it enters a function, and not again
        .used = stack,
        .pushed_begin = 0,
        .pushed_end = has_saved ? UINTPTR_MAX : 0});
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
  const auto function = reinterpret_cast<KernelStack::Function>(reinterpret_cast<std::uintptr_t>(target.evaluate));
  std::uint64_t word = 0;
  if (image::Emulator* emulator = image_under_test.emulator()) {
    const image::Emulator::Listener usual = emulator->listener();
    emulator->listen({.arrive = usual.arrive, .step = on_emulated_step});
    word = memory.stack.call(function, &event, 0);
    emulator->listen(usual);
  } else {
    set_step(on_step);
    word = memory.stack.call_stepping(function, &event, 0);
    set_step(nullptr);
  }
  return as_result(word);
}

void finish_stepping(const void* array) {
  watch.is_off = true;
  shared->steps.is_complete =
      shared->steps.count <= kMaxSteps && reinterpret_cast<std::uintptr_t>(array) == watch.array;
  say_done_and_end();
}

}  // namespace sluice::worker
