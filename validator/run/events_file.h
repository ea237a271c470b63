// Events that somebody wrote: docs/run.md has the language.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validator/finding/finding.h"
#include "validator/run/evaluation.h"

namespace sluice::run {

struct EventsFile {
  Values values;
  std::vector<Asked> events;  // numbered, at least one
};

// On failure returns empty; `problems` then has what is wrong as findings (SL0501, SL0508) at their line and column.
[[nodiscard]] std::optional<EventsFile> load_events(const std::string& path, std::vector<Finding>& problems);
[[nodiscard]] std::optional<EventsFile> load_events_text(const std::string& name, const std::string& text,
                                                         std::vector<Finding>& problems);

}  // namespace sluice::run
