// A small plot of a campaign's way, as SVG in the page.
#pragma once

#include <string>

#include "validator/report/html.h"

namespace sluice::report::html {

// `value` over executions. The scale goes from the least to the largest value, both written at it.
[[nodiscard]] std::string plot(const Campaign& campaign, std::string_view title,
                               std::uint64_t Campaign::Point::* value);

}  // namespace sluice::report::html
