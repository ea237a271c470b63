// What a campaign does before it leaves anything to chance: mutate::FirstSteps on what it began with. One by one, as
// what comes before it in the field does; and what they come to is not kept, for it would crowd what chance leads on
// from.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "fuzz/engine/parents.h"
#include "fuzz/mutate/first_steps.h"
#include "fuzz/mutate/mutator.h"

namespace sluice::engine {

class DeterministicStage {
 public:
  // All are aliased.
  DeterministicStage(const mutate::Format& format, const Parents& parents)
      : mutator_(format), parents_(parents), tree_(format), first_steps_(format) {}

  // The next input, a content of at most `max` bytes; it stays until the next call. Empty: the stage is over.
  [[nodiscard]] std::span<const std::uint8_t> next(std::size_t max);
  // What it was made of, and how.
  [[nodiscard]] std::span<const std::uint8_t> parent() const { return tree_.bytes(); }
  [[nodiscard]] const mutate::Recipe& recipe() const { return mutator_.last_recipe(); }

 private:
  static constexpr std::size_t kMostContents = 16;
  static constexpr std::size_t kMostInputs = 512;

  bool take_content(std::size_t max);

  mutate::Mutator mutator_;
  const Parents& parents_;
  mutate::Tree tree_;
  mutate::FirstSteps first_steps_;
  std::size_t num_contents_ = 0;
  std::size_t num_inputs_ = 0;
  std::vector<mutate::Recipe> recipes_;  // of the tree, those from `at_` on to be done
  std::size_t at_ = 0;
  std::vector<std::uint8_t> input_;
  std::unordered_set<std::size_t> made_;  // hashes of inputs, and of what they are made of
};

}  // namespace sluice::engine
