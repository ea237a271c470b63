// A schema, rules and contents, all written in the test -> what changed and what is new, as lines.
#pragma once

#include <string>
#include <vector>

#include "validator/program/builds.h"
#include "validator/program/walk.h"

namespace sluice::difference {

struct Question {
  std::string schema;
  std::string rules = {};          // without `format`, which is the schema's; empty: none
  std::vector<std::string> older;  // hexadecimal, white space between; the last one is compared with
  std::string now;
  std::vector<program::BuildFacts> builds = {};
  program::Limits limits = {};
};

// The bytes that hexadecimal says.
[[nodiscard]] std::string bytes_of_hex(std::string_view text);

// A line a change, `+ path: like`, `- path: like`, `~ path: old -> new`, `> path`, those derived with a `.` before;
// then a line for each pattern that has more than are listed. If something fails, `failed: ` and why.
[[nodiscard]] std::string changes(const Question& question);

// A line a finding: `name path @begin..end: because`.
[[nodiscard]] std::string first_uses(const Question& question);

// The same with the contents as they are.
[[nodiscard]] std::string changes_of_bytes(const Question& question);
[[nodiscard]] std::string first_uses_of_bytes(const Question& question);

}  // namespace sluice::difference
