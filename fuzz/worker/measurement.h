// From what was seen at the interpreter's entry to a number of elements, and how sure it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/worker/shared.h"

namespace sluice::worker {

// The stop as one run left it, taken out of shared memory.
struct SeenStop {
  std::uint64_t array = 0;
  std::uint64_t element_size = 0;
  std::uint64_t num_slots = 0;
  std::uint64_t capacity = 0;
  Place place = Place::elsewhere;
  std::vector<std::uint8_t> slots;
};
// Nothing if the child did not stop, or says what cannot be.
std::optional<SeenStop> take_stop(const Stop& stop);

struct Measurement {
  std::optional<std::uint64_t> count;
  bool is_certain = false;
  std::string how;
};

// The leading slots that were written: those that do not hold the poison of the run in both. The figure is an upper
// bound.
Measurement compare_stops(const SeenStop& first, const SeenStop& second);

// Whether a third run, instruction by instruction, would tell more.
bool wants_steps(const Measurement& measurement, const SeenStop& seen);
// Takes away what was not stored as an element. `steps` is of that run, over the same array.
void refine(Measurement& measurement, const SeenStop& seen, const Steps& steps);

// As many slots as are worth watching.
std::uint64_t num_watched(const Measurement& measurement, const SeenStop& seen);

}  // namespace sluice::worker
