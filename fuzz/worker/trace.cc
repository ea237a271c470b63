#include "fuzz/worker/trace.h"

#include <array>

#include "fuzz/target/target.h"
#include "fuzz/worker/fault.h"

namespace sluice::worker {

namespace {

// What the current event has reached: a set that is emptied by counting on. Where it is full something is remembered
// twice, which the supervisor sorts out.
struct Entry {
  std::uint32_t generation;
  std::uint32_t instance;
  std::uint32_t criterion;
};

constexpr std::size_t kEntries = 1u << 14;
constexpr std::size_t kProbes = 16;

std::array<Entry, kEntries> entries;
std::uint32_t generation = 0;
std::uint32_t traced_event = 0;
bool is_wanted = false;

bool insert(std::uint32_t instance, std::uint32_t criterion) {
  const std::size_t home = (instance * 0x9E3779B1u ^ criterion * 0x85EBCA77u) >> 16;
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    Entry& entry = entries[(home + probe) % kEntries];
    if (entry.generation != generation) {
      entry = {generation, instance, criterion};
      return true;
    }
    if (entry.instance == instance && entry.criterion == criterion) return false;
  }
  return true;
}

}  // namespace

void begin_trace(bool wanted) {
  is_wanted = wanted;
  traced_event = UINT32_MAX;
}

void end_trace() { is_wanted = false; }

void trace(std::uint32_t instance, std::uint32_t criterion) {
  const std::uint32_t event = shared->progress.event.load(std::memory_order_relaxed);
  if (event != traced_event) {
    traced_event = event;
    ++generation;
  }
  if (!insert(instance, criterion)) return;
  const std::uint32_t at = shared->num_reached;
  if (at >= kMaxReached) {
    shared->is_reached_complete = 0;
    return;
  }
  shared->reached[at] = {event, instance, criterion};
  shared->num_reached = at + 1;
}

}  // namespace sluice::worker

extern "C" __attribute__((visibility("default"))) void sluice_reached(uint32_t instance, uint32_t criterion) {
  using namespace sluice::worker;
  Progress& progress = shared->progress;
  progress.instance.store(instance, std::memory_order_relaxed);
  progress.criterion.store(criterion, std::memory_order_relaxed);
  progress.has_reached.store(1, std::memory_order_relaxed);
  if (is_wanted) trace(instance, criterion);
}
