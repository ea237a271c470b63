// Uses of inputs (docs/rules.md, `uses`) that no event has come to yet: what is left of the coverage goal of a gate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fuzz/engine/shared.h"
#include "fuzz/mutate/features.h"
#include "fuzz/mutate/repair.h"
#include "validator/run/answer.h"

namespace sluice::engine {

class DarkUses {
 public:
  // All are aliased. What `shared` has from a child before this one stays.
  DarkUses(const mutate::Format& format, const mutate::Features& features, Shared& shared);

  // Of content that the driver accepted, by its counters of features: whether to look for events that come to a use
  // that it has. True at the first, the second, the fourth, the eighth .. content with the same use: what an event
  // never comes to costs little.
  [[nodiscard]] bool are_due(std::span<const std::uint8_t> counters);
  // What the driver accepted, and the criteria of it that events came to.
  void note(const mutate::Tree& tree, std::span<const run::Reached> reached);
  // Content for uses of the tree that are dark still, a few: the same without the criteria before them, one of which no
  // event may pass, and with other values of the enums around them.
  [[nodiscard]] std::vector<std::vector<std::uint8_t>> put_first(const mutate::Tree& tree);

 private:
  struct Dark {
    std::size_t feature = 0;
    std::uint64_t met = 0;
  };
  struct Choice {
    mutate::NodeId node = mutate::kNoNode;
    Integer value = 0;
  };
  [[nodiscard]] std::vector<std::uint8_t> put_first(const mutate::Tree& tree, const mutate::Features::Use& use,
                                                    const std::optional<Choice>& choice);
  [[nodiscard]] static std::vector<Choice> choices_above(const mutate::Tree& tree, mutate::NodeId element);

  const mutate::Features& features_;
  Shared& shared_;
  std::vector<Dark> dark_;  // ascending
  mutate::Tree work_;
  mutate::Editor editor_;
  mutate::Repairer repairer_{editor_};
};

}  // namespace sluice::engine
