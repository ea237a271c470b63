#include "fuzz/worker/measure.h"

#include <algorithm>

#include "fuzz/worker/call.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/kernel_calls.h"
#include "fuzz/worker/memory.h"
#include "fuzz/worker/poison.h"
#include "fuzz/worker/readable.h"
#include "fuzz/worker/stepper.h"

namespace sluice::worker {

namespace {

bool is_measuring = false;

// Bytes from `array` on that may belong to it: not beyond its stack or its allocation, nor into AddressSanitizer's red
// zones.
std::size_t extent(const void* array, Place& place) {
  const GuardedArea& stack = memory.stack.area();
  const auto address = reinterpret_cast<std::uintptr_t>(array);
  std::size_t bytes = kMaxSlotBytes;
  kernel::Owner owner;
  place = Place::elsewhere;
  if (stack.is_inside(address)) {
    place = Place::stack;
    bytes = std::min<std::size_t>(bytes, reinterpret_cast<std::uintptr_t>(stack.end()) - address);
  } else if (kernel::find(address, owner) && address - owner.object.begin < owner.object.bytes) {
    place = Place::pool;
    bytes = std::min(bytes, owner.object.begin + owner.object.bytes - address);
  }
#ifdef SLUICE_ASAN
  void* poisoned = __asan_region_is_poisoned(const_cast<void*>(array), bytes);
  if (poisoned != nullptr) bytes = reinterpret_cast<std::uintptr_t>(poisoned) - address;
#endif
  return bytes;
}

void load_and_evaluate(const Target& target, bool is_stepping) {
  const unsigned poison = shared->job.poison % kPoisonBytes.size();
  kernel::begin_run(poison);
  memory.stack.fill(kPoisonBytes[poison]);
  memory.events.load(job_events(), kPoisonBytes[poison]);
  memory.arrays.begin_request({});
  shared->load = call_load(target);
  shared->has_load = 1;
  if (shared->load.status != SLUICE_ACCEPTED || memory.events.size() == 0) return;
  enter(Phase::evaluate);
  memory.stack.refill();
  const sluice_event& event = memory.events.next();
  is_measuring = true;
  shared->results[0] = is_stepping ? evaluate_stepping(target, event) : call_evaluate(target, event);
  is_measuring = false;
  shared->progress.evaluated.store(1, std::memory_order_relaxed);
}

}  // namespace

void measure(const Target& target) { load_and_evaluate(target, false); }
void step(const Target& target) { load_and_evaluate(target, true); }

void stop_at_array(std::uint32_t type, const void* array, std::size_t element_size) {
  if (!is_measuring || type != shared->job.type) return;
  if (shared->job.order == Order::step) finish_stepping(array);
  Stop& stop = shared->stop;
  stop.array = reinterpret_cast<std::uintptr_t>(array);
  stop.element_size = element_size;
  const std::size_t bytes = extent(array, stop.place);
  const std::size_t copied = copy_readable(stop.slots, array, bytes);
  stop.num_slots = element_size == 0 ? 0 : std::min(copied / element_size, kMaxSlots);
  stop.capacity = (kSanitized || stop.place == Place::pool) && element_size != 0 && bytes < kMaxSlotBytes
                      ? bytes / element_size
                      : 0;
  stop.has_stopped = 1;
  say_done_and_end();
}

}  // namespace sluice::worker

extern "C" __attribute__((visibility("default"))) const void* sluice_guard_array(const char* name, uint32_t type,
                                                                                 const void* array,
                                                                                 size_t element_size) {
  using namespace sluice::worker;
  stop_at_array(type, array, element_size);
  const GuardedArea& stack = memory.stack.area();
  return memory.arrays.place({stack.begin(), stack.size()}, name, type, array, element_size);
}
