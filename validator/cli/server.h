// `sluice eval --server`: one JSON request a line on standard input, one answer a line on standard output.
//
// docs/eval-server.md describes the requests `eval`, `check` and `dump`. It is what conformance suites and editors use.
#pragma once

#include <string>

#include "validator/program/walk.h"

namespace sluice::cli {

// Answers one line with one line. Anything that is not a request gets an answer with an `error`.
[[nodiscard]] std::string answer(const std::string& line, const program::Limits& limits);

// Reads requests until the input ends.
int serve(const program::Limits& limits);

}  // namespace sluice::cli
