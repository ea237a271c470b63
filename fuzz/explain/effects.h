// What each field of an input does to its fault: found by changing one after the other and looking where the fault
// goes. Taint without instrumentation.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/oracle.h"
#include "fuzz/mutate/format.h"
#include "validator/expression/integer.h"
#include "validator/finding/finding.h"

namespace sluice::explain {

struct Effect {
  std::string path;
  ByteRange bytes;
  std::string value;              // as it is
  std::optional<Integer> number;  // the same, of a number
  bool cures = false;             // some other value takes the fault away, and the driver loads the content; ..
  std::string cure;               // .. this one, the nearest that is known
  bool is_part = false;   // a count, and with the cure parts of the content are gone: it says that these are needed
  bool vanishes = false;  // another value takes it away, and the driver refuses the content
  // With each step of it the fault's address goes so many bytes further from where its object begins. The object
  // stays as large as it is.
  std::optional<std::int64_t> moves;
  std::optional<std::int64_t> grows;  // the object becomes so many bytes larger
  bool is_refused = false;            // `check` names it, or a rule that does not hold reads it
};

struct Effects {
  engine::Fault fault{};       // as the input shows it; its kind is empty where it does not
  bool needs_events = false;   // it comes with events that are made for what the content looks for
  bool is_done = true;         // false: a limit came first
  std::vector<Effect> fields;  // those that do something, the guiltiest first; a structure that the file ends in
  [[nodiscard]] const Effect* guilty() const { return fields.empty() ? nullptr : &fields.front(); }
  // Of the guilty field no more is known than Effect::is_part.
  [[nodiscard]] bool is_of_parts() const {
    return !fields.empty() && fields.front().is_part && !fields.front().is_refused;
  }
};

struct EffectLimits {
  std::uint32_t tries = 20'000;  // inputs that are run
  std::chrono::milliseconds time{20'000};
};

// `input` is best shrunk first. `place`: of the fault that is meant (place_of).
[[nodiscard]] Effects find_effects(const mutate::Format& format, std::span<const std::uint8_t> input,
                                   std::uint64_t place, engine::Oracle& oracle, const EffectLimits& limits = {});

}  // namespace sluice::explain
