// What each verb of `sluice triage` does.
#pragma once

#include <string>

#include "fuzz/triage/options.h"

namespace sluice::triage {

// Returns the exit code. The formats of `options` are filled. `scratch`: a folder to write to, which somebody else
// removes.
[[nodiscard]] int run_command(Options& options, const std::string& scratch);

}  // namespace sluice::triage
