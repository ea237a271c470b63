// An entry of __bug_table as Linux 5.19 and later write it with CONFIG_DEBUG_BUGVERBOSE.
#pragma once

#include <cstdint>

namespace sluice::image {

// Each distance counts from its own field.
struct BugEntry {
  std::int32_t address;
  std::int32_t file;
  std::uint16_t line;
  std::uint16_t flags;
};
static_assert(sizeof(BugEntry) == 12);

inline constexpr std::uint16_t kBugIsWarning = 1;

}  // namespace sluice::image
