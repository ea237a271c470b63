// "A Fast Algorithm for Finding Dominators in a Flowgraph", T. Lengauer and R. E. Tarjan, 1979: the simple version,
// with loops where the paper has recursion.
#include <algorithm>

#include "fuzz/image/function.h"

namespace sluice::image {

namespace {

class Dominators {
 public:
  explicit Dominators(Function& function) : function_(function), number_(function.blocks.size(), kNone) {}

  void find() {
    walk();
    const std::size_t count = blocks_.size();
    semi_.resize(count);
    label_.resize(count);
    ancestor_.assign(count, kNone);
    dominator_.assign(count, kNone);
    buckets_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) semi_[i] = label_[i] = i;
    for (auto w = static_cast<std::uint32_t>(count); w-- > 1;) decide(w);
    for (std::uint32_t w = 1; w < count; ++w) {
      if (dominator_[w] != semi_[w]) dominator_[w] = dominator_[dominator_[w]];
      function_.blocks[blocks_[w]].dominator = blocks_[dominator_[w]];
    }
    number_tree();
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  [[nodiscard]] std::uint32_t successor(const FlowBlock& block, std::size_t index) const {
    if (index == 0) return block.taken;
    if (index == 1) return block.next;
    return index - 2 < block.others.size() ? block.others[index - 2] : kNone;
  }

  // Numbers the blocks in the order in which they are met, and leaves the order in which they are left.
  void walk() {
    if (function_.first_block == kNoBlock) return;
    struct Step {
      std::uint32_t block;
      std::size_t next = 0;
    };
    std::vector<Step> path;
    const auto meet = [&](std::uint32_t block, std::uint32_t parent) {
      number_[block] = static_cast<std::uint32_t>(blocks_.size());
      blocks_.push_back(block);
      parent_.push_back(parent);
      path.push_back({block});
    };
    meet(function_.first_block, kNone);
    while (!path.empty()) {
      Step& step = path.back();
      const FlowBlock& block = function_.blocks[step.block];
      if (step.next >= 2 + block.others.size()) {
        function_.order.push_back(step.block);
        path.pop_back();
        continue;
      }
      const std::uint32_t next = successor(block, step.next++);
      if (next != kNoBlock && number_[next] == kNone) meet(next, number_[step.block]);
    }
    std::ranges::reverse(function_.order);
  }

  void decide(std::uint32_t w) {
    for (const std::uint32_t before : function_.blocks[blocks_[w]].before) {
      if (number_[before] == kNone) continue;  // cannot be reached
      semi_[w] = std::min(semi_[w], semi_[evaluate(number_[before])]);
    }
    buckets_[semi_[w]].push_back(w);
    ancestor_[w] = parent_[w];
    for (const std::uint32_t v : buckets_[parent_[w]]) {
      const std::uint32_t u = evaluate(v);
      dominator_[v] = semi_[u] < semi_[v] ? u : parent_[w];
    }
    buckets_[parent_[w]].clear();
  }

  // Of the ancestors in the forest the one whose semidominator is least; shortens the way to the root.
  std::uint32_t evaluate(std::uint32_t v) {
    if (ancestor_[v] == kNone) return label_[v];
    way_.clear();
    for (std::uint32_t u = v; ancestor_[ancestor_[u]] != kNone; u = ancestor_[u]) way_.push_back(u);
    while (!way_.empty()) {
      const std::uint32_t u = way_.back();
      way_.pop_back();
      const std::uint32_t above = ancestor_[u];
      if (semi_[label_[above]] < semi_[label_[u]]) label_[u] = label_[above];
      ancestor_[u] = ancestor_[above];
    }
    return label_[v];
  }

  // So that dominance is two comparisons.
  void number_tree() {
    std::vector<std::vector<std::uint32_t>> children(blocks_.size());
    for (std::uint32_t w = 1; w < blocks_.size(); ++w) children[dominator_[w]].push_back(w);
    struct Step {
      std::uint32_t number;
      std::size_t next = 0;
    };
    std::uint32_t time = 0;
    std::vector<Step> path;
    const auto meet = [&](std::uint32_t number) {
      function_.blocks[blocks_[number]].enter = ++time;
      path.push_back({number});
    };
    if (!blocks_.empty()) meet(0);
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next < children[step.number].size()) {
        meet(children[step.number][step.next++]);
      } else {
        function_.blocks[blocks_[step.number]].leave = ++time;
        path.pop_back();
      }
    }
  }

  Function& function_;
  std::vector<std::uint32_t> number_;  // of a block
  std::vector<std::uint32_t> blocks_;  // by number
  std::vector<std::uint32_t> parent_;  // the rest by number and of numbers
  std::vector<std::uint32_t> semi_;
  std::vector<std::uint32_t> label_;
  std::vector<std::uint32_t> ancestor_;
  std::vector<std::uint32_t> dominator_;
  std::vector<std::vector<std::uint32_t>> buckets_;
  std::vector<std::uint32_t> way_;
};

}  // namespace

void find_dominators(Function& function) { Dominators(function).find(); }

}  // namespace sluice::image
