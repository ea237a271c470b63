// All memory that a child hands to the driver. Mapped by the supervisor, so that it lies where it lay for the child
// before.
#pragma once

#include "fuzz/worker/content_memory.h"
#include "fuzz/worker/event_memory.h"
#include "fuzz/worker/guarded_arrays.h"
#include "fuzz/worker/kernel_stack.h"

namespace sluice::worker {

struct Memory {
  ContentMemory content;
  EventMemory events;
  GuardedArrays arrays;
  KernelStack stack;
  GuardedArea signal_stack;

  [[nodiscard]] bool map(std::size_t stack_size);
  // In the child, once.
  void arm();
  // The object around or next to `address`, of those here.
  bool find(std::uintptr_t address, Object& object) const;
};

extern Memory memory;

}  // namespace sluice::worker
