// The only clock of sluice that a verdict or a report depends on.
#pragma once

#include <cstdint>

#include "validator/suppression/date.h"

namespace sluice::cli {

// Seconds since 1970; those of SOURCE_DATE_EPOCH where the environment has it, so that a run can be repeated.
[[nodiscard]] std::int64_t now();

[[nodiscard]] suppression::Date utc_today();

}  // namespace sluice::cli
