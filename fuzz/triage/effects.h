// What each field of an input does to its fault: found by changing one after the other and looking where the fault
// goes. Taint without instrumentation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/oracle.h"
#include "fuzz/mutate/format.h"
#include "validator/expression/integer.h"
#include "validator/finding/finding.h"

namespace sluice::triage {

struct Effect {
  std::string path;
  ByteRange bytes;
  std::string value;                  // as it is
  std::optional<Integer> number;      // the same, of a number
  bool cures = false;                 // some other value takes the fault away, ..
  std::string cure;                   // .. this one, the nearest that is known
  std::optional<std::int64_t> moves;  // the fault's address goes so many bytes further with each step of it
  bool is_refused = false;            // `check` names it
};

struct Effects {
  std::vector<Effect> fields;  // those that do something, the guiltiest first
  [[nodiscard]] const Effect* guilty() const { return fields.empty() ? nullptr : &fields.front(); }
};

// `input` is best shrunk first. `hash`: of the fault that is meant.
[[nodiscard]] Effects find_effects(const mutate::Format& format, std::span<const std::uint8_t> input,
                                   std::uint64_t hash, engine::Oracle& oracle);

}  // namespace sluice::triage
