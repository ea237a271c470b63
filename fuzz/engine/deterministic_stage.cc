#include "fuzz/engine/deterministic_stage.h"

#include <algorithm>
#include <utility>

#include "fuzz/engine/hash.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

namespace {

constexpr std::uint32_t kMostStarts = 16;

}  // namespace

DeterministicStage::DeterministicStage(const mutate::Format& format, const Parents& parents, StageRecord& record,
                                       std::size_t most)
    : mutator_(format), record_(record), most_(std::min(most, kMostSteps)), tree_(format), first_steps_(format) {
  // What took too long to be made would do so again; and a driver that ends on most inputs has shown what one step
  // does.
  if (record_.is_making != 0 || record_.starts == kMostStarts) return;
  ++record_.starts;
  choose_parents(parents);
}

// A process that is started again has them in another order, and beside them what others have found meanwhile.
void DeterministicStage::choose_parents(const Parents& parents) {
  std::vector<std::pair<std::uint64_t, const std::vector<std::uint8_t>*>> all;
  for (const auto& input : parents.all()) all.emplace_back(hash_of_bytes(input), &input);
  if (record_.starts == 1) {
    std::ranges::sort(all, {}, [](const auto& one) { return std::pair(one.second->size(), one.first); });
    all.resize(std::min(all.size(), StageRecord::kMostParents));
    for (std::size_t i = 0; i < all.size(); ++i) record_.parents[i] = all[i].first;
    record_.num_parents = static_cast<std::uint32_t>(all.size());
  }
  for (const std::uint64_t hash : std::span(record_.parents).first(record_.num_parents)) {
    const auto found = std::ranges::find(all, hash, [](const auto& one) { return one.first; });
    if (found != all.end()) parents_.push_back(*found->second);
  }
}

std::span<const std::uint8_t> DeterministicStage::next(std::size_t max) {
  while (num_steps_ < most_) {
    if (at_ == recipes_.size()) {
      if (!take_parent(max)) return {};
      continue;
    }
    const mutate::Recipe& recipe = recipes_[at_++];
    if (num_steps_++ < record_.next_step) continue;
    record_.next_step = static_cast<std::uint32_t>(num_steps_);
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
  record_.is_making = 1;
  tree_.parse(content);
  recipes_ = first_steps_.next(tree_, max);
  record_.is_making = 0;
  return true;
}

}  // namespace sluice::engine
