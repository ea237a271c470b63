// AddressSanitizer and UndefinedBehaviorSanitizer, where the worker is built with them: their reports become faults.
#pragma once

namespace sluice::worker {

// In the child, once. Without sanitizers nothing happens.
void listen_to_sanitizers();

}  // namespace sluice::worker
