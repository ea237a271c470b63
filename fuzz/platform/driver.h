// One driver build in this program, for a fuzz target.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace sluice::platform {

// Once. `document` is relative to this program's folder. What is wrong with it ends the program, with the reason.
void start_driver(const std::string& document, const std::string& build);
// Loads the content, evaluates and unloads, or does what a container says. A fault ends the program, with a report.
void run_driver(std::span<const std::uint8_t> input);

}  // namespace sluice::platform
