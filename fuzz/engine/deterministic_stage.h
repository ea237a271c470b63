// What a campaign does before it leaves anything to chance: mutate::FirstSteps on what it began with. What they come to
// is not kept, for it would crowd what chance leads on from.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "fuzz/engine/parents.h"
#include "fuzz/engine/shared.h"
#include "fuzz/mutate/first_steps.h"
#include "fuzz/mutate/mutator.h"

namespace sluice::engine {

class DeterministicStage {
 public:
  static constexpr std::size_t kMostSteps = 1024;

  // Format and record are aliased; the record outlives this process. Of the parents, which are copied, the shortest
  // come first, the same in each process that has the stage. There are at most `most` steps.
  DeterministicStage(const mutate::Format& format, const Parents& parents, StageRecord& record, std::size_t most);

  // The next input, a content of at most `max` bytes; it stays until the next call. Empty: the stage is over. Where
  // making or executing an input ended a process it is not tried again.
  [[nodiscard]] std::span<const std::uint8_t> next(std::size_t max);
  // What it was made of, and how.
  [[nodiscard]] std::span<const std::uint8_t> parent() const { return parents_[num_parents_ - 1]; }
  [[nodiscard]] const mutate::Recipe& recipe() const { return mutator_.last_recipe(); }

 private:
  void choose_parents(const Parents& parents);
  bool take_parent(std::size_t max);

  mutate::Mutator mutator_;
  StageRecord& record_;
  std::vector<std::vector<std::uint8_t>> parents_;
  std::size_t num_parents_ = 0;  // that were taken
  const std::size_t most_;
  mutate::Tree tree_;
  mutate::FirstSteps first_steps_;
  std::vector<mutate::Recipe> recipes_;  // of the tree, those from `at_` on to be done
  std::size_t at_ = 0;
  std::size_t num_steps_ = 0;
  std::vector<std::uint8_t> input_;
  std::unordered_set<std::size_t> made_;  // hashes of inputs, and of contents that they are made of
};

}  // namespace sluice::engine
