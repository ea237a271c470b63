// The process that runs the driver.
#pragma once

#include <sys/types.h>

#include "fuzz/worker/options.h"
#include "fuzz/worker/shared.h"

namespace sluice::worker {

struct ChildPlan {
  const Options* options;
  Shared* shared;
  pid_t parent;
  int orders;   // read end
  int answers;  // write end
  int target;
  int null;
};

// In the new process: gives up what it may do, loads the target, serves orders until there are none. If it cannot give
// up everything it ends without having loaded.
[[noreturn]] void be_child(const ChildPlan& plan);

}  // namespace sluice::worker
