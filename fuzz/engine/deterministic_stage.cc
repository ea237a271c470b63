#include "fuzz/engine/deterministic_stage.h"

#include <algorithm>

#include "fuzz/engine/hash.h"
#include "validator/bytes/fuzz_input.h"

namespace sluice::engine {

std::span<const std::uint8_t> DeterministicStage::next(std::size_t max) {
  while (num_inputs_ < kMostInputs) {
    if (at_ == recipes_.size()) {
      if (!take_content(max)) return {};
      continue;
    }
    const std::span<const std::uint8_t> content = tree_.bytes();
    input_.assign(content.begin(), content.end());
    input_.resize(max);
    input_.resize(mutator_.replay(input_.data(), content.size(), max, recipes_[at_++]));
    if (input_.empty() || !made_.insert(hash_of_bytes(input_)).second) continue;
    ++num_inputs_;
    return input_;
  }
  return {};
}

bool DeterministicStage::take_content(std::size_t max) {
  const auto& contents = parents_.all();
  if (num_contents_ == std::min(contents.size(), kMostContents)) return false;
  recipes_.clear();
  at_ = 0;
  const std::span<const std::uint8_t> content = bytes::content_part(contents[num_contents_++]);
  if (content.size() > max) return true;
  made_.insert(hash_of_bytes(content));
  tree_.parse(content);
  recipes_ = first_steps_.next(tree_);
  return true;
}

}  // namespace sluice::engine
