// The table of sub-commands: help, dispatch and completion come from it. Each command is one function in one file.
#pragma once

#include <span>
#include <string_view>

#include "validator/cli/arguments.h"

namespace sluice::cli {

struct Command {
  std::string_view name;  // one word, or two: `schema check`
  int (*run)(Arguments& arguments);
  std::string_view summary;   // one line
  std::string_view examples;  // lines, each indented by two spaces
};

[[nodiscard]] std::span<const Command> all_commands();

int run_check(Arguments& arguments);
int run_schema_check(Arguments& arguments);
int run_inspect(Arguments& arguments);
int run_eval(Arguments& arguments);
int run_diff(Arguments& arguments);
int run_run(Arguments& arguments);
int run_fuzz(Arguments& arguments);
int run_triage(Arguments& arguments);
int run_triage_accept(Arguments& arguments);
int run_triage_fixed(Arguments& arguments);
int run_triage_reopen(Arguments& arguments);
int run_triage_replay(Arguments& arguments);
int run_gate(Arguments& arguments);
int run_farm(Arguments& arguments);
int run_farm_status(Arguments& arguments);
int run_audit(Arguments& arguments);
int run_generate(Arguments& arguments);
int run_verify(Arguments& arguments);
int run_rules_list(Arguments& arguments);
int run_explain(Arguments& arguments);
int run_completion(Arguments& arguments);
int run_version(Arguments& arguments);

}  // namespace sluice::cli
