#include "fuzz/worker/trace.h"

#include <algorithm>
#include <array>

#include "fuzz/target/target.h"
#include "fuzz/worker/fault.h"

namespace sluice::worker {

namespace {

// What the current event has reached, or all events: a set that is emptied by counting on. Where it is full something
// is remembered twice, which the supervisor sorts out. For one event it is kept small, which is fast.
struct Entry {
  std::uint32_t generation;
  std::uint32_t instance;
  std::uint32_t criterion;
};

constexpr std::size_t kEntriesOfEvent = 1u << 14;
constexpr std::size_t kEntries = 1u << 19;
constexpr std::size_t kProbes = 16;

std::array<Entry, kEntries> entries;
std::uint32_t generation = 0;
std::uint32_t traced_event = 0;
bool is_wanted = false;
bool is_once = false;

bool insert(std::uint32_t instance, std::uint32_t criterion) {
  const std::size_t room = is_once ? kEntries : kEntriesOfEvent;
  const std::uint32_t mixed = instance * 0x9E3779B1u ^ criterion * 0x85EBCA77u;
  const std::size_t home = mixed ^ mixed >> 16;
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    Entry& entry = entries[(home + probe) & (room - 1)];
    if (entry.generation != generation) {
      entry = {generation, instance, criterion};
      return true;
    }
    if (entry.instance == instance && entry.criterion == criterion) return false;
  }
  return true;
}

}  // namespace

void begin_trace(bool wanted, bool once) {
  is_wanted = wanted;
  is_once = once;
  ++generation;
  traced_event = UINT32_MAX;
}

void end_trace() { is_wanted = false; }

void trace(std::uint32_t instance, std::uint32_t criterion) {
  const std::uint32_t event = shared->progress.event.load(std::memory_order_relaxed);
  if (event != traced_event && !is_once) {
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

void trace_refusal(std::uint32_t event) {
  const Progress& progress = shared->progress;
  const std::uint32_t at = std::min<std::uint32_t>(shared->num_refused, kMaxRefused);
  if (at == kMaxRefused || progress.has_reached.load(std::memory_order_relaxed) == 0) return;
  shared->refused[at] = {event, progress.instance.load(std::memory_order_relaxed),
                         progress.criterion.load(std::memory_order_relaxed)};
  shared->num_refused = at + 1;
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
