// What a child may ask of the system: nearly nothing, from before the first instruction of the target.
#pragma once

#include <cstddef>

namespace sluice::worker {

// The only descriptors of a child, beside 0, 1 and 2, which are /dev/null.
inline constexpr int kOrderFd = 3;
inline constexpr int kAnswerFd = 4;
inline constexpr int kTargetFd = 5;

// All of it or false: then the child must not go on. `memory` is what the child may map beside what it has; 0: no
// limit.
bool limit_resources(std::size_t memory);
// Every system call that is not allowed raises SIGSYS.
bool enter_sandbox();

}  // namespace sluice::worker
