// What every harness asks of a walk.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "validator/finding/finding.h"
#include "validator/program/walk.h"

namespace sluice::harness {

inline void require(bool condition) {
  if (!condition) std::abort();
}

// Walks a copy of `content` of its own, so that the sanitizer guards both ends of it, within small limits, and requires
// that what is found lies inside.
inline void judge_inside(const program::Program& program, std::span<const std::uint8_t> content, std::uint64_t steps) {
  const std::size_t length = content.size();
  std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[length]);
  std::ranges::copy(content, copy.get());
  const program::Limits limits{.depth = 24,
                               .elements = 400,
                               .steps = steps,
                               .empty_elements = 16,
                               .process_bytes = 4096,
                               .memory = 1u << 20,
                               .findings = 16};
  Findings findings(16);
  program::check(program, {copy.get(), length}, limits, "", findings);
  for (const Finding& f : findings.list()) {
    if (f.bytes) require(f.bytes->begin <= f.bytes->end && f.bytes->end <= length);
  }
}

}  // namespace sluice::harness
