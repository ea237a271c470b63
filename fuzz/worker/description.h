// What a target says of itself, as the child wrote it down.
#pragma once

#include "fuzz/worker/fault_json.h"

namespace sluice::worker {

// Fills `target` and, where the target describes itself, `types`. What cannot be read is left out.
void add_description(const Shared& shared, Json& hello);

}  // namespace sluice::worker
