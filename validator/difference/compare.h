// What differs between two trees of one schema: records by their keys, fields by their names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "validator/difference/budget.h"
#include "validator/difference/plan.h"
#include "validator/program/session.h"

namespace sluice::difference {

struct Change {
  enum class Kind : std::uint8_t { added, removed, changed, reordered };
  Kind kind = Kind::changed;
  std::string path;                       // `instances[id 7].criteria[2].input`
  std::string before;                     // the value, or what the record is like; empty if added
  std::string after;                      // empty if removed
  std::optional<ByteRange> before_bytes;  // in the older file
  std::optional<ByteRange> after_bytes;   // in the newer
  bool is_derived = false;                // a position, size, count or checksum (plan.h)
  std::size_t pattern = 0;                // of Difference::patterns
};

// Changes of one kind to one field, wherever it stands.
struct Pattern {
  Change::Kind kind = Change::Kind::changed;
  std::string field;  // `criterion.input`
  std::string path;   // the first one's, with `*` for its indices: `instances[*].criteria[*].input`
  std::uint64_t count = 0;
  std::uint64_t listed = 0;  // of them, those in `changes`
  bool is_derived = false;
};

struct Difference {
  std::vector<Change> changes;    // in the order of the newer file; those removed stand where their sequence does
  std::vector<Pattern> patterns;  // in the order of their first
  // Without those derived.
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
  std::uint64_t changed = 0;
  std::uint64_t reordered = 0;
  std::uint64_t derived = 0;

  [[nodiscard]] std::uint64_t total() const { return added + removed + changed + reordered; }
};

// How many changes are kept: of one pattern, altogether, and bytes of their text. All are counted.
inline constexpr std::uint64_t kKeptOfPattern = 100;
inline constexpr std::uint64_t kKept = 10'000;
inline constexpr std::uint64_t kKeptBytes = 16u << 20;

// Both sessions are of one program and have been surveyed, so that every value is there. False: a limit is reached, and
// `failure` says so.
[[nodiscard]] bool compare(program::Session& before, program::Session& now, const Plan& plan, Budget& budget,
                           Difference& difference, std::optional<Finding>& failure);

}  // namespace sluice::difference
