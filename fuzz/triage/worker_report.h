// What `sluice run` says of an input's content: the report of the worker, read back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fuzz/engine/fault.h"
#include "fuzz/engine/options.h"
#include "validator/finding/finding.h"

namespace sluice::triage {

// By the file's name, in the report's order.
using WorkerReports = std::map<std::string, std::vector<Finding>>;

// Runs `files`, which are content or containers, on `builds`. Empty: there is no report. `output` is written.
[[nodiscard]] WorkerReports ask_worker(const engine::Options& options, const std::vector<std::string>& files,
                                       const std::vector<std::string>& builds, const std::string& output);
// The same of a report that was written: JSON, and what is of the wrong shape is left out.
[[nodiscard]] WorkerReports read_worker_reports(const std::string& json);

// The first fault of `build` that is of this kind (signature.h), else the first of any; null: there is none.
[[nodiscard]] const Finding* fault_on(const std::vector<Finding>& findings, const std::string& build,
                                      const std::string& kind);

// What the fuzzer knows of a fault, where the worker does not come to it.
[[nodiscard]] Finding finding_of(const engine::Fault& fault, const std::string& build);

}  // namespace sluice::triage
