// How many elements does the integration code write? One event is run until it hands its array to the interpreter.
#pragma once

#include <cstdint>

#include "fuzz/worker/target.h"

namespace sluice::worker {

// Until the stop, which ends the child. If they return, the event did not come to the array.
void measure(const Target& target);
// Instruction by instruction, watching the array that a measurement found.
void step(const Target& target);

// At the interpreter's entry. Returns unless a measurement of this template type is on.
void stop_at_array(std::uint32_t type, const void* array, std::size_t element_size);

}  // namespace sluice::worker
