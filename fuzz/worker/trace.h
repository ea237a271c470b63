// Which criteria each event reached.
#pragma once

#include <cstdint>

namespace sluice::worker {

// Whether to remember what is reached; `once`: each criterion once, and not once an event.
void begin_trace(bool is_wanted, bool once);
void end_trace();
// The current event reached a criterion. Remembered as far as there is room.
void trace(std::uint32_t instance, std::uint32_t criterion);
// The event was refused: remembers what it came to last.
void trace_refusal(std::uint32_t event);

}  // namespace sluice::worker
