// The report that `sluice fuzz` leaves beside an input, in JSON (docs/report-json.md), read back.
#pragma once

#include <string>

#include "validator/finding/finding.h"

namespace sluice::run {

// Fills in what the report of the input `file` says of the place of its first fault: field, bytes, trail, event,
// instruction, stack. What cannot be read is left as it was.
void add_place(const std::string& file, Finding& finding);

}  // namespace sluice::run
