// Judging a content file by a Program.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "validator/finding/finding.h"

namespace sluice::program {

struct Program;

// What one walk may use. Running out is a finding (SL04xx) and means that there is no verdict. Zero for `elements` and
// `steps` means: in proportion to the file, so that a small file cannot ask for a large walk.
struct Limits {
  std::uint64_t depth = 1000;               // types within types, and instances that need instances
  std::uint64_t elements = 0;               // objects and array elements; 0: 1,000,000 + 16 a byte
  std::uint64_t steps = 0;                  // of work, see docs/limits.md; 0: 16,000,000 + 256 a byte
  std::uint64_t empty_elements = 65536;     // elements of no bytes, in one repeat
  std::uint64_t process_bytes = 64u << 20;  // output of all `process` of one file
  std::uint64_t memory = 256u << 20;        // what expressions need kept
  std::uint32_t findings = 100;             // kept; the rest are counted
};

// The builds that a file declares itself to be for, first and last, by name.
struct DeclaredBuilds {
  std::string first;
  std::string last;
};

struct Statistics {
  std::uint64_t elements = 0;
  std::uint64_t steps = 0;
  std::uint64_t memory = 0;  // bytes kept at the most
  std::optional<DeclaredBuilds> declared = {};
};

// Walks all of `content`, forces every instance and adds what is wrong to `findings` (their `file` is `name`).
//
// Owned or aliased: nothing of `content` is kept. On failure: findings say so, nothing throws. Success (no finding)
// means that every byte was read as the schema says and every `valid` holds; it does not say that the content means
// something to any driver.
Statistics check(const Program& program, std::span<const std::uint8_t> content, const Limits& limits,
                 const std::string& name, Findings& findings);

}  // namespace sluice::program
