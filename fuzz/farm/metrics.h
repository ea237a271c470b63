// What a farm is at, for Prometheus.
#pragma once

#include <string>

#include "fuzz/farm/records.h"

namespace sluice::farm {

// The text format, version 0.0.4. Counters count over all nights of the worker; gauges are of its last night.
[[nodiscard]] std::string metrics_text(const std::string& farm, const Records& records);

}  // namespace sluice::farm
