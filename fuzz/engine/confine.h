// What a child may ask of the system: its own folder, and nearly nothing else, from before the first instruction of the
// target.
#pragma once

#include <span>
#include <string>

namespace sluice::engine {

struct Allowance {
  std::span<const std::string> readable;  // files and folders
  std::string writable;                   // a folder
};

[[nodiscard]] bool offers_landlock();

// Files by Landlock: false with `problem` filled where the kernel does not have it; then nothing has changed.
bool confine_files(const Allowance& allowance, std::string& problem);
// System calls by seccomp: any other than those that the C library, the loader and libFuzzer make on files and memory
// ends the process with SIGSYS. No network, no program, no process, no tracing. False with `problem` filled.
bool confine_calls(std::string& problem);

}  // namespace sluice::engine
