// What a schema and its rules say of comparing: worked out once, asked for each record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "validator/program/program.h"
#include "validator/schema/schema.h"

namespace sluice::difference {

// By what the records of a sequence are known again.
struct RecordKey {
  std::optional<std::uint32_t> member;      // a field of the record, ..
  std::uint32_t entry = program::kNoEntry;  // .. or an expression over `_`
  std::vector<std::uint32_t> shown;         // the fields that the key is made of
  std::string text;                         // what to call it where it is made of none
};

struct SwitchPlan {
  struct Case {
    std::optional<program::Value> constant;   // what it matches, ..
    std::uint32_t entry = program::kNoEntry;  // .. or what to compute; neither: `_`
    std::string text;                         // as written
  };
  std::uint32_t on = program::kNoEntry;
  std::vector<Case> cases;
  // The field that is switched on, where it is one with an enum.
  struct Tag {
    std::uint32_t type = 0;
    std::uint32_t member = 0;
  };
  std::optional<Tag> tag;
};

struct MemberPlan {
  bool may_be_missing = false;    // it has an `if`, or it repeats
  bool holds_structures = false;  // some value of it may be one
  // It says where other fields lie or how many there are, or can have one value only, so that it follows from others: a
  // position, a size, a count, a checksum. Where it changes, something else did.
  bool is_derived = false;
  std::optional<RecordKey> key;
  std::optional<SwitchPlan> switched;
};

// The `uses` of the rules.
struct UsePlan {
  std::vector<program::RuleChain::Step> each;
  std::uint32_t where = program::kNoEntry;  // or none
  std::uint32_t type = program::kNoEntry;
  std::uint32_t input = program::kNoEntry;
  std::uint32_t active = program::kNoEntry;   // or none
  std::optional<std::uint32_t> input_member;  // of the element, where the input is a field of it
};

struct Plan {
  std::vector<std::vector<MemberPlan>> members;  // [type][member]
  std::optional<UsePlan> uses;

  [[nodiscard]] const MemberPlan& of(std::uint32_t type, std::uint32_t member) const { return members[type][member]; }

  // Adds code to `program`, which was compiled from `schema` with everything kept; so it comes before any session. The
  // schema is aliased and must outlive the plan.
  [[nodiscard]] static Plan of(const schema::Schema& schema, program::Program& program);
};

}  // namespace sluice::difference
