// What the workers of a folder are at: their states, read, and what their campaigns tell while they run.
#pragma once

#include <string>
#include <vector>

#include "fuzz/farm/folders.h"
#include "fuzz/farm/morning.h"

namespace sluice::farm {

// Names, in order.
[[nodiscard]] std::vector<std::string> workers_in(const Folders& folders);

struct WorkerNow {
  Records records;                    // with courses, and with what the turns that go on have told so far
  std::vector<std::string> messages;  // what is wrong with its state
  std::size_t running = 0;            // turns
};
// Of `folders.worker`, who must have a state.
[[nodiscard]] WorkerNow look_at(const Folders& folders);

// All but `folders.worker`.
[[nodiscard]] std::vector<Other> others_of(const Folders& folders);

}  // namespace sluice::farm
