#include "fuzz/worker/measurement.h"

#include <algorithm>

#include "fuzz/worker/poison.h"

namespace sluice::worker {

namespace {

constexpr std::uint64_t kBeyond = 4;
constexpr std::uint64_t kMostWatched = 256;

bool is_all(const std::uint8_t* bytes, std::size_t size, std::uint8_t byte) {
  return std::all_of(bytes, bytes + size, [byte](std::uint8_t each) { return each == byte; });
}

bool was_written(const SeenStop& first, const SeenStop& second, std::uint64_t slot) {
  const std::size_t at = slot * first.element_size;
  return !is_all(&first.slots[at], first.element_size, kPoisonBytes[0]) ||
         !is_all(&second.slots[at], second.element_size, kPoisonBytes[1]);
}

std::string element(std::uint64_t index) { return "element " + std::to_string(index); }

// Whether the last of the `count` elements may be a neighbour of the array: it was not stored as the others were. Where
// they fill a variable, the neighbour would be a member of the same structure, and who clears it first is no sign.
std::string doubt(const Steps& steps, std::uint64_t count, bool fills_variable) {
  const std::uint64_t last = count - 1;
  for (std::uint64_t i = 1; i < count && !fills_variable; ++i) {
    if (steps.writers[i] != steps.writers[0]) return "another function wrote " + element(i);
  }
  const auto shares = [&](std::uint64_t one) {
    return std::count(steps.instructions, steps.instructions + count, steps.instructions[one]) > 1;
  };
  const bool is_odd = count > 1 && !shares(last) && (shares(0) || steps.times[last] < steps.times[0]);
  return is_odd ? "an instruction of its own wrote " + element(last) : "";
}

}  // namespace

std::optional<SeenStop> take_stop(const Stop& stop) {
  if (stop.has_stopped == 0) return std::nullopt;
  SeenStop seen{.array = stop.array,
                .element_size = stop.element_size,
                .num_slots = stop.num_slots,
                .capacity = stop.capacity,
                .place = stop.place,
                .slots = {}};
  if (seen.element_size == 0 || seen.element_size > kMaxSlotBytes || seen.num_slots > kMaxSlots ||
      seen.num_slots > kMaxSlotBytes / seen.element_size) {
    return std::nullopt;
  }
  seen.slots.assign(stop.slots, stop.slots + seen.num_slots * seen.element_size);
  return seen;
}

Measurement compare_stops(const SeenStop& first, const SeenStop& second) {
  if (first.element_size != second.element_size) {
    return {.count = {}, .how = "the elements have another size under another poison"};
  }
  const std::uint64_t num_slots = std::min(first.num_slots, second.num_slots);
  std::uint64_t count = 0;
  while (count < num_slots && was_written(first, second, count)) ++count;
  const bool is_pool = first.place == Place::pool;
  if (count < num_slots) {
    return {.count = count, .is_certain = is_pool, .how = element(count) + " was never written under two poisons"};
  }
  if (first.capacity != 0 && count == first.capacity && first.place != Place::elsewhere) {
    // A variable may be a structure whose last member is no element.
    return {.count = count, .is_certain = is_pool, .how = "the array has room for no more"};
  }
  return {.count = count, .how = "everything up to the end of what could be looked at was written"};
}

bool wants_steps(const Measurement& measurement, const SeenStop& seen) {
  return measurement.count && !measurement.is_certain && seen.place != Place::pool;
}

std::uint64_t num_watched(const Measurement& measurement, const SeenStop& seen) {
  return std::min({seen.num_slots, measurement.count.value_or(0) + kBeyond, kMostWatched});
}

void refine(Measurement& measurement, const SeenStop& seen, const Steps& steps) {
  if (!measurement.count) return;
  if (steps.is_complete == 0) {
    measurement.is_certain = false;
    measurement.how += "; the integration code could not be stepped through";
    return;
  }
  const std::uint64_t most = std::min(*measurement.count, num_watched(measurement, seen));
  std::uint64_t stored = 0;
  while (stored < most && steps.slots[stored] == Slot::stored) ++stored;
  if (stored < most) {
    measurement.how =
        element(stored) + (steps.slots[stored] == Slot::pushed ? " is a return address or a saved register"
                                                               : " is what an earlier call left behind");
  }
  measurement.count = stored;
  measurement.is_certain = seen.place == Place::stack;
  if (seen.place != Place::stack) measurement.how += "; the array is neither on the stack nor in the pool";
  const bool fills_variable = seen.capacity != 0 && stored == seen.capacity;
  const std::string why = stored == 0 ? "" : doubt(steps, stored, fills_variable);
  if (measurement.is_certain && !why.empty()) {
    measurement.is_certain = false;
    measurement.how += "; " + why + ", which may be a neighbour of the array";
  }
}

}  // namespace sluice::worker
