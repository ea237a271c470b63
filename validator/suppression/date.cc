#include "validator/suppression/date.h"

#include <fmt/core.h>

#include <chrono>

namespace sluice::suppression {

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  unsigned digits[8] = {};
  for (std::size_t i = 0, n = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits[n++] = static_cast<unsigned>(text[i] - '0');
  }
  const Date date = {.year = static_cast<int>(digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]),
                     .month = digits[4] * 10 + digits[5],
                     .day = digits[6] * 10 + digits[7]};
  const std::chrono::year_month_day calendar{std::chrono::year(date.year), std::chrono::month(date.month),
                                             std::chrono::day(date.day)};
  if (!calendar.ok()) return std::nullopt;
  return date;
}

std::string to_string(const Date& date) { return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day); }

}  // namespace sluice::suppression
