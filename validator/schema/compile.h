// Schema -> Program. The compiler is private to the files behind this header.
#pragma once

#include <string>
#include <vector>

#include "validator/program/program.h"
#include "validator/schema/schema.h"

namespace sluice::schema {

struct CompileOptions {
  // false: the program keeps only the values that expressions need (`check`).
  // true: it keeps every field, so that a tree can be looked at (`inspect`, `eval`).
  bool keep_everything = false;
  // false: the machine judges every element itself; the findings are the same, only slower (program/scan_plan.h).
  bool use_scan = true;
  // false: rules are judged without guesses; the same findings again, only slower.
  bool use_guesses = true;
  // The driver builds that the rules are judged for. Every cap that `schema.rules` names is in each of them.
  std::vector<program::BuildFacts> builds = {};
};

// `schema` came from load_schema without errors, and is not aliased by the program. Never fails: what cannot run (an
// opaque type, a custom process) becomes an instruction that reports it when reached.
[[nodiscard]] program::Program compile(const Schema& schema, const CompileOptions& options = {});

// Adds code that computes one more expression (bound in `schema` to a type by bind_expression) and returns its entry in
// `program.full`, for Session::evaluate.
[[nodiscard]] std::uint32_t compile_request(const Schema& schema, program::Program& program,
                                            const Expression& expression);

}  // namespace sluice::schema
