#include "validator/cli/clock.h"

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <string_view>

namespace sluice::cli {

std::int64_t now() {
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {
    const std::string_view text(epoch);
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error == std::errc() && end == text.data() + text.size() && seconds >= 0) return seconds;
  }
  return std::time(nullptr);
}

suppression::Date utc_today() {
  const std::time_t time = now();
  std::tm day{};
  gmtime_r(&time, &day);
  return {day.tm_year + 1900, static_cast<unsigned>(day.tm_mon + 1), static_cast<unsigned>(day.tm_mday)};
}

}  // namespace sluice::cli
