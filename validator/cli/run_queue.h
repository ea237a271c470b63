// Content files times driver builds, in one queue over all cores; results one file at a time, in order.
#pragma once

#include <vector>

#include "validator/cli/collect.h"
#include "validator/cli/reporting.h"
#include "validator/run/trial.h"

namespace sluice::cli {

// Runs all `items` on all builds of `court` and adds them to the report.
void run_all(const run::Court& court, const std::vector<Item>& items, std::size_t threads, Reporting& reporting);

}  // namespace sluice::cli
