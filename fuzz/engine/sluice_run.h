// `sluice run` on what a campaign has found: its reports, in a process of their own and a sandbox of their own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "fuzz/engine/options.h"

namespace sluice::engine {

struct SluiceRun {
  std::vector<std::string> files;
  std::vector<std::string> builds;
  std::string format;
  std::string output;
  std::string blame = {};  // empty: none
  std::string fault = {};  // empty: none
};

// Its process; 0: it could not be started.
[[nodiscard]] pid_t start_sluice(const Options& options, const SluiceRun& run);
// Whether a process of ours has ended: then it is no longer ours.
[[nodiscard]] bool has_ended(pid_t pid);
void end_process(pid_t pid);

// Waits for its end. False: it could not be started, or was ended. That it ended says nothing of `output`.
bool run_sluice(const Options& options, const SluiceRun& run);

}  // namespace sluice::engine
