#include "validator/cli/limit_options.h"

namespace sluice::cli {

void declare_limits(Arguments& arguments, program::Limits& limits) {
  constexpr std::uint64_t kAny = UINT64_MAX;
  // Writers of trees recurse once a level.
  constexpr std::uint64_t kDeepest = 5000;
  arguments.number("--limit-depth", limits.depth, 1, kDeepest, "Types within types");
  arguments.number("--limit-elements", limits.elements, 1, kAny, "Objects and array elements of one file");
  arguments.number("--limit-steps", limits.steps, 1, kAny, "Steps of work for one file");
  arguments.number("--limit-process-bytes", limits.process_bytes, 0, kAny, "Output of zlib and the like for one file");
  arguments.number("--limit-memory", limits.memory, 0, kAny, "Bytes kept for expressions");
}

}  // namespace sluice::cli
