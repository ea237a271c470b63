// What the machine must know of rules beside their instructions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "validator/finding/finding.h"

namespace sluice::program {

enum class RuleKind : std::uint8_t {
  require,
  unique,
  sorted,
  disjoint,
  inside,
  acyclic,
  closed,
  nested,
  covers,
  limit_count,
  limit_sum,
  limit_depth,
};

// Of what opens and closes.
[[nodiscard]] constexpr bool is_pairing(RuleKind kind) { return kind == RuleKind::closed || kind == RuleKind::nested; }

struct SortOrder {
  bool descending = false;
  bool strict = false;
};

struct RuleInfo {
  std::string id;
  Severity severity = Severity::error;
  RuleKind kind = RuleKind::require;
  SortOrder order = {};
  std::string text;                       // the condition, as written
  std::vector<std::string> message = {};  // the texts around the values; empty: none
};

// A way from the root to where a rule is judged: types and members, outermost first.
struct RuleChain {
  struct Step {
    std::uint32_t type = 0;
    std::uint32_t member = 0;
  };
  std::vector<Step> steps;
};

}  // namespace sluice::program
