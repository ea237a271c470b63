// Which criteria each event reached.
#pragma once

#include <cstdint>

namespace sluice::worker {

void begin_trace(bool is_wanted);
void end_trace();
// The current event reached a criterion. Remembered once an event, as far as there is room.
void trace(std::uint32_t instance, std::uint32_t criterion);

}  // namespace sluice::worker
