// A schema, rules and content, all written in the test -> the findings, as lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "validator/program/builds.h"

namespace sluice::rules {

struct Question {
  std::string schema;
  std::string rules;  // without `format`, which is the schema's
  std::string bytes;  // hexadecimal, white space between
  std::vector<program::BuildFacts> builds = {};
  std::uint64_t memory = 256 << 20;  // the limit
};

// One line a finding: `rule or name, path, @begin..end, build: because`. Asked of the lean code and of the full code;
// where they differ the answer says so.
[[nodiscard]] std::string judge(const Question& question);

// What the loader says of the rules: `line:column message`, one a line; empty if all is well.
[[nodiscard]] std::string problems_of(const Question& question);

}  // namespace sluice::rules
