// What runs the builds of a driver document.
#pragma once

#include <string>
#include <vector>

#include "validator/contract/driver.h"
#include "validator/run/worker.h"

namespace sluice::judge {

struct Targets {
  // What runs each of the builds, and behind all of these the replicas of those that are images.
  std::vector<run::TargetFiles> files;
  // Of each of the builds: where the replica of its image is among the files; 0: there is none to compare with.
  std::vector<std::size_t> replicas;
  // Of each of the builds: why there is nothing to run, or empty.
  std::vector<std::string> no_target;
};

// `builds` by their index in the driver. Paths of the document begin at `folder`, where that is given, else beside the
// document.
[[nodiscard]] Targets find_targets(const contract::Driver& driver, const std::string& driver_path,
                                   const std::vector<std::size_t>& builds, const std::string& folder);

// Folders that names of sources begin behind: this one, and that of the driver document.
[[nodiscard]] std::vector<std::string> source_folders(const std::string& driver_path);

// `path`, which a document at `document` names, as seen from here; empty stays empty.
[[nodiscard]] std::string beside(const std::string& document, const std::string& path);

}  // namespace sluice::judge
