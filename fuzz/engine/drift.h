// Where a driver that ships and its replica differ: `sluice run` has both do the same with content, and says so.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fuzz/engine/options.h"

namespace sluice::engine {

struct Drift {
  std::string file;
  std::string build;
  std::string place;  // for an identity: what was done, and with what part of the format
  std::string sentence;
};

// What each of the files comes to on each of the builds. `work` is a folder to write to. False with `problem` filled:
// nothing is known. A file that cannot be run, or not any more, has no drift.
bool find_drift(const Options& options, const std::vector<std::filesystem::path>& files,
                const std::filesystem::path& work, std::vector<Drift>& found, std::string& problem);

}  // namespace sluice::engine
