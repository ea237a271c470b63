// What a night came to, for people and for programs (docs/farm.md). Status says the same while it goes on.
#pragma once

#include <string>

#include "fuzz/farm/document.h"
#include "fuzz/farm/records.h"

namespace sluice::farm {

[[nodiscard]] std::string summary_text(const Farm& farm, const Records& records, int code);
[[nodiscard]] std::string summary_json(const Farm& farm, const Records& records, int code);

// The lanes of a night as a table.
[[nodiscard]] std::string lanes_text(const std::vector<LaneNight>& lanes);
// `new`, or the name of its state.
[[nodiscard]] std::string state_of(const FaultRecord& fault, const Records& records);
// 1,234,567
[[nodiscard]] std::string grouped(std::int64_t number);

}  // namespace sluice::farm
