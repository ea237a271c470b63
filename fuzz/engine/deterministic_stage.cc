#include "fuzz/engine/deterministic_stage.h"

#include <algorithm>
#include <utility>

#include "fuzz/engine/hash.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

namespace {

constexpr std::size_t kMostParents = 16;

}  // namespace

// The order in which the engine came to them differs when it is started again.
DeterministicStage::DeterministicStage(const mutate::Format& format, const Parents& parents, std::size_t most)
    : mutator_(format), most_(std::min(most, kMostSteps)), tree_(format), first_steps_(format) {
  std::vector<const std::vector<std::uint8_t>*> all;
  for (const auto& input : parents.all()) all.push_back(&input);
  std::ranges::sort(all, {}, [](const auto* input) { return std::pair(input->size(), hash_of_bytes(*input)); });
  all.resize(std::min(all.size(), kMostParents));
  for (const auto* input : all) parents_.push_back(*input);
}

std::span<const std::uint8_t> DeterministicStage::next(std::size_t max, std::atomic<std::uint32_t>& next_step) {
  while (num_steps_ < most_) {
    if (at_ == recipes_.size()) {
      if (!take_parent(max)) return {};
      continue;
    }
    const mutate::Recipe& recipe = recipes_[at_++];
    if (num_steps_++ < next_step) continue;
    next_step = static_cast<std::uint32_t>(num_steps_);
    const std::span<const std::uint8_t> content = tree_.bytes();
    input_.assign(content.begin(), content.end());
    input_.resize(max);
    input_.resize(mutator_.replay(input_.data(), content.size(), max, recipe));
    if (!input_.empty() && made_.insert(hash_of_bytes(input_)).second) return input_;
  }
  return {};
}

bool DeterministicStage::take_parent(std::size_t max) {
  if (num_parents_ == parents_.size()) return false;
  recipes_.clear();
  at_ = 0;
  const std::span<const std::uint8_t> content = bytes::content_part(parents_[num_parents_++]);
  if (content.size() > max) return true;
  made_.insert(hash_of_bytes(content));
  tree_.parse(content);
  recipes_ = first_steps_.next(tree_);
  return true;
}

}  // namespace sluice::engine
