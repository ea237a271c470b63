// THIS CODE IS FOR TESTS ONLY.
//
// The twin: a second reading of docs/semantics.md, slow and obvious. It interprets the symbolic Schema directly, keeps
// every value, copies every region, and recurses on the host (to `depth`). It shares no code with the compiler, the
// program or its walk, so that their agreement is evidence. It lives in the test library alone, so that nobody picks
// it up by accident.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "validator/finding/finding.h"
#include "validator/schema/schema.h"

namespace sluice::agree {

struct TwinLimits {
  std::uint32_t depth = 200;
  std::uint64_t elements = 100000;
  std::uint64_t empty_elements = 64;
  std::uint64_t process_bytes = 1u << 20;
};

struct TwinFinding {
  FindingId id;
  std::string path;
  std::optional<ByteRange> bytes;
  friend bool operator==(const TwinFinding&, const TwinFinding&) = default;
};

struct TwinResult {
  std::vector<TwinFinding> findings;  // in the order met
  bool redone = false;                // an instance had to wait for the end of the walk
  std::string tree;                   // what was read, one field a line; empty unless asked for
};

// Reads all of `content` by `schema`, which came from load_schema without errors. Aliases both during the call only.
[[nodiscard]] TwinResult twin_check(const schema::Schema& schema, std::span<const std::uint8_t> content,
                                    const TwinLimits& limits, bool want_tree = false);

}  // namespace sluice::agree
