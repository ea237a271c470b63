// Small plots of campaigns, as SVG in the page. All that they show is said in their label.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "validator/report/model.h"

namespace sluice::report::html {

// How what lies along a plot is called: `night 3`, `20,000 executions`.
struct Along {
  std::string_view before;
  std::string_view after;
};
using Points = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
struct Line {
  std::string name;  // as it came; empty: it is the only one
  Points points;     // at least one
};

// Lines of different looks, in the classes `l0`, `l1` and so on, if they have names; at least one. The scale goes from
// the least to the largest value, both written at it. `title` is escaped.
[[nodiscard]] std::string plot(std::string_view title, Along along, const std::vector<Line>& lines);
// A bar for each point, from 0; at least one.
[[nodiscard]] std::string bars(std::string_view title, Along along, const Points& points);
// Stands before a line's name.
[[nodiscard]] std::string key_of_line(std::size_t index);

// `value` over executions.
[[nodiscard]] std::string plot(const Campaign& campaign, std::string_view title,
                               std::uint64_t Campaign::Point::* value);

}  // namespace sluice::report::html
