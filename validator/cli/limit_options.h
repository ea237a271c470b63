// The --limit-* options, the same for every command that walks content.
#pragma once

#include "validator/cli/arguments.h"
#include "validator/program/walk.h"

namespace sluice::cli {

// `limits` is written by `arguments.parse` and must outlive it.
void declare_limits(Arguments& arguments, program::Limits& limits);

}  // namespace sluice::cli
