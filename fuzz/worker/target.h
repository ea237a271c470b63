// The target, as the child has it.
#pragma once

#include "fuzz/target/target.h"

namespace sluice::worker {

// The function that returns it has the same name.
using Target = struct ::sluice_target;

// Loads what kTargetFd is, known to the loader by `path`, and asks for its table. What is wrong is a fault.
const Target* load_target(const char* path);

// Writes name and types to shared memory, where description.h reads them.
void write_description(const Target& target);

}  // namespace sluice::worker
