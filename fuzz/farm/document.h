// A farm document: the drivers that are fuzzed every night, and for how long. docs/farm.md is the language.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/document/document.h"
#include "validator/finding/finding.h"

namespace sluice::farm {

// A driver and what its content is. Paths are as seen from where the program runs; empty: not given.
struct Target {
  std::string name;     // of folders, too
  std::string driver;   // this or `release`
  std::string release;  // whose driver, documents and content it is
  std::string schema;
  std::string rules;
  std::string builds_folder;
  std::vector<std::string> include;
  std::vector<std::string> builds;  // names; none: all that are supported
  std::vector<std::string> seeds;
  std::string property = "fault";
  std::uint64_t share = 1;    // of the night, beside those of the others
  std::uint64_t runs = 0;     // of its turns; 0: as the farm says
  std::uint64_t max_len = 0;  // 0: by the seeds
  std::uint64_t timeout_ms = 1000;
  document::Mark mark;
};

struct Farm {
  std::string file;  // the path as given
  std::string name;
  std::string folder;  // corpora, faults, crashes, states
  // A night ends when its time is over or each lane has had its turns: one of them is not 0.
  std::uint64_t seconds = 0;
  std::uint64_t turns = 0;
  // A turn ends after its executions, if these are not 0, or after so many seconds.
  std::uint64_t runs = 0;
  std::uint64_t slice = 60;
  std::uint64_t jobs = 0;  // 0: one for each core
  std::uint64_t seed = 1;
  std::vector<Target> targets;  // at least one
};

// What can be the name of a file wherever a farm may lie: letters, digits, `.`, `_`, `-`, at most 64, no dot at the
// begin.
[[nodiscard]] bool is_safe_name(std::string_view text);

// Reads a farm document. On failure returns empty; `problems` then has every independent mistake as a finding (SL0501,
// SL0510) at its line and column. Nothing that it names is opened.
[[nodiscard]] std::optional<Farm> load_farm(const std::string& path, std::vector<Finding>& problems);

}  // namespace sluice::farm
