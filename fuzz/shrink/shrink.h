// Makes an input as small and as plain as it can be and still show its fault.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutate/format.h"
#include "validator/finding/finding.h"

namespace sluice::shrink {

struct ShrinkLimits {
  std::uint32_t tries = 6000;  // inputs that are run
  std::chrono::milliseconds time{20'000};
};

// Whether an input still shows what the first one showed.
using Shows = std::function<bool(std::span<const std::uint8_t> input)>;

// A field that cannot be what it is in plain content without taking the fault away. Counts, sizes and offsets that only
// follow others are none; a count is one where more elements are needed, and nothing in them.
struct Needed {
  std::string path;
  ByteRange bytes;
  std::string value;
  std::string plain;  // with which there is no fault
};

struct Shrunk {
  std::vector<std::uint8_t> input;
  std::uint32_t tries = 0;
  bool is_done = false;        // false: a limit came first, and more may go
  std::vector<Needed> needed;  // all that sets it apart from the nearest clean file; in the order of the file
};

// First in the schema's words: operations and the second content of a container, elements, what is optional, bytes that
// nobody reads; then fields become what they are in plain content, or nearer to it, each time with the rest of the
// content made to agree (mutate::Repairer); then as bytes. The result reads as far as `input` did, and `check` finds
// nothing in it that it does not find in `input`: what faults though it is valid stays valid. Deterministic but for
// `limits.time`. `input` itself must show it; whether it does is not asked.
[[nodiscard]] Shrunk shrink(const mutate::Format& format, std::span<const std::uint8_t> input, const Shows& shows,
                            const ShrinkLimits& limits);

}  // namespace sluice::shrink
