// What a night came to, for people and for programs (docs/farm.md). Status says the same while it goes on.
#pragma once

#include <string>

#include "fuzz/farm/morning.h"

namespace sluice::farm {

// Under its heading, which is the caller's: lanes, faults, what is dark, slow and to be done, and the verdict.
[[nodiscard]] std::string summary_text(const Morning& morning);
[[nodiscard]] std::string summary_json(const Morning& morning);

// `PASS`, `FAIL`, `NO VERDICT`; of a night that goes on what it would be.
[[nodiscard]] std::string_view verdict_of(const Morning& morning);
// `new`, or the name of its state.
[[nodiscard]] std::string state_of(const FaultRecord& fault, const Records& records);
// 1,234,567
[[nodiscard]] std::string grouped(std::int64_t number);

}  // namespace sluice::farm
