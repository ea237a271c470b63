// From a folder of crash files to what is known of each cause (docs/triage.md).
#pragma once

#include <functional>
#include <string>

#include "fuzz/cause/cases.h"
#include "fuzz/triage/crash_files.h"
#include "fuzz/triage/options.h"
#include "fuzz/triage/targets.h"
#include "validator/report/triage.h"

namespace sluice::triage {

using Say = std::function<void(const std::string&)>;  // progress, a line

// Fills `triage` and writes the cases that are new to the folder of `cases`. False with `problem` filled: nothing was
// found out, or a case cannot be written.
[[nodiscard]] bool run_triage(const Options& options, const Targets& targets, cause::Cases& cases, const Say& say,
                              report::Triage& triage, std::string& problem);

}  // namespace sluice::triage
