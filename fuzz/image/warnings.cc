#include "fuzz/image/warnings.h"

#include "fuzz/image/bug_entry.h"
#include "fuzz/image/formats.h"

namespace sluice::image {

namespace {

constexpr std::int64_t kTrapSize = 2;  // of ud2

}  // namespace

std::vector<bool> places_behind_warnings(const ImageFile& image, std::span<const std::uint8_t> bytes) {
  std::vector<bool> places(bytes.size());
  BugEntry entry{};
  for (std::uint64_t i = 0; i + sizeof entry <= image.bugs.size; i += sizeof entry) {
    const std::uint64_t at = image.bugs.offset + i;
    if (!read_plain(bytes, at, entry) || (entry.flags & kBugIsWarning) == 0) continue;
    const std::int64_t behind = static_cast<std::int64_t>(at) + entry.address + kTrapSize;
    if (behind >= 0 && static_cast<std::uint64_t>(behind) < places.size())
      places[static_cast<std::size_t>(behind)] = true;
  }
  return places;
}

}  // namespace sluice::image
