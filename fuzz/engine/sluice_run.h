// `sluice run` on what a campaign has found: its reports, in a process of their own and a sandbox of their own.
#pragma once

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

// Waits for its end. False: it could not be started, or was ended. That it ended says nothing of `output`.
bool run_sluice(const Options& options, const SluiceRun& run);

}  // namespace sluice::engine
