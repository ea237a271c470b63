// Days, as review dates are written. No clock is read here.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::suppression {

struct Date {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
};

// `2026-12-01`, a day that there is.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
[[nodiscard]] std::string to_string(const Date& date);

}  // namespace sluice::suppression
