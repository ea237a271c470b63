// Work in processes of their own, some at a time: each may start children, and what it leaves behind goes with it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace sluice::triage {

// Calls `work` for each number below `count` in a process of its own, at most `jobs` at a time, and `done` in this one
// with what it returned, in the order in which they end. Of a process that ended otherwise `done` gets null. This
// process must have one thread. False: processes cannot be made.
[[nodiscard]] bool in_parallel(std::size_t count, std::size_t jobs, const std::function<std::string(std::size_t)>& work,
                               const std::function<void(std::size_t, const std::string*)>& done);

}  // namespace sluice::triage
