// One content file: load, events, unload, once or under two poisons.
#pragma once

#include "fuzz/worker/target.h"

namespace sluice::worker {

// Does what shared->job says and leaves the answer in shared memory.
void run(const Target& target);

}  // namespace sluice::worker
