// How a fuzz target ends on a fault, so that the engine keeps the input and the platform reads what happened.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "fuzz/engine/fault.h"

namespace sluice::platform {

// Where code was, for a line of a stack.
struct Frame {
  std::uint64_t address = 0;
  std::string function;
  std::string module;
  std::uint32_t offset = 0;  // in it
};

// The report that libFuzzer makes of a deadly signal, with the driver's stack and not this program's, and the end.
[[noreturn]] void end_with_report(const engine::Fault& fault, std::span<const Frame> frames);

// The target cannot be run: a mistake of the build, and no fault.
[[noreturn]] void cannot_run(const char* why);

}  // namespace sluice::platform
