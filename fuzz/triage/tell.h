// A cause, as the writers see it (validator/report/triage.h).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fuzz/cause/cases.h"
#include "fuzz/explain/code.h"
#include "fuzz/triage/crash_files.h"
#include "fuzz/triage/evidence.h"
#include "fuzz/triage/options.h"
#include "fuzz/triage/targets.h"
#include "validator/report/triage.h"

namespace sluice::triage {

// Of all steps; aliased.
struct Told {
  const Options& options;
  const Targets& targets;
  std::span<const CrashFile> files;  // of the folder that is triaged, then of cases
  std::size_t num_given = 0;         // of the folder
  std::span<const Group> groups;
  std::span<explain::DriverCode> code;  // by build
};

// Everything but what its folder says: state, date and the name of the smallest file.
[[nodiscard]] report::TriageCase tell_case(const Told& told, const Cause& cause);

// Finds the folder of the identity and has `its` say what that tells; where there is none, or it is new, the files are
// written. False with `problem` filled.
[[nodiscard]] bool keep_case(const Told& told, const Cause& cause, cause::Cases& cases, report::TriageCase& its,
                             std::string& problem);

// `; it is no content of channel: magic: ..`, where already the first field is wrong; else nothing.
[[nodiscard]] std::string not_of_schema(const mutate::Format& format, std::span<const std::uint8_t> input);

// `load`, `evaluate`, `unload`
[[nodiscard]] std::string name_of(engine::Step step);

}  // namespace sluice::triage
