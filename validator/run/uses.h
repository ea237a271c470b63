// What a content file has for events to come to: its template instances and their criteria, by the `uses` of the rules.
// Numbers are those of `sluice_reached`: an instance is the parent of the criteria, counted over the whole file in its
// order; a criterion is counted within its parent. Where `each` is a single sequence, each element of it is an instance
// with one criterion.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "validator/difference/plan.h"
#include "validator/finding/finding.h"
#include "validator/program/session.h"
#include "validator/run/candidates.h"

namespace sluice::run {

// One that dereferences its input.
struct Criterion {
  std::uint32_t number = 0;  // in its instance
  Integer input = 0;
  std::string path;  // `instances[3].criteria[20].input`
  std::optional<ByteRange> bytes;
  std::vector<Candidate> candidates;
};

struct Instance {
  std::uint32_t number = 0;
  std::optional<Integer> type;  // none: it has no criteria to ask, or the type cannot be computed
  bool is_active = true;        // some criterion of it is meant to be evaluated
  std::string path;
  std::optional<ByteRange> bytes;
  std::vector<std::string> trail;
  std::vector<Criterion> criteria;  // ascending by number
};

struct Uses {
  std::vector<Instance> instances;  // ascending by number
  std::uint64_t left_out = 0;       // instances past the bound

  [[nodiscard]] const Instance* find(std::uint32_t instance) const;
};
[[nodiscard]] const Criterion* find(const Instance& instance, std::uint32_t criterion);

// `plan` has `uses`. What of the file could be read counts; an element whose type or input cannot be computed is left
// out.
[[nodiscard]] Uses find_uses(program::Session& session, const difference::Plan& plan,
                             std::span<const std::uint8_t> content);

}  // namespace sluice::run
