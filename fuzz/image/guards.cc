#include "fuzz/image/guards.h"

#include <algorithm>
#include <optional>
#include <ranges>
#include <unordered_map>

namespace sluice::image {

namespace {

// So that a function of nothing but checks of one value is read in linear time: the nearest ones count.
constexpr std::size_t kMostChecks = 64;

// That a value is bounded where `block` is left by one of its edges.
struct Check {
  std::uint32_t block;
  std::uint32_t to;  // where the good edge leads
  std::uint32_t offset;
  std::uint32_t read_at;  // of the compared value
  bool is_signed;
  bool is_bound;  // false: compared for something else, which ends a loop at most
};

// What an edge says of the left side.
enum class Says : std::uint8_t { nothing, bounded, bounded_signed };
Says says(Condition condition) {
  switch (condition) {
    case Condition::equal:
    case Condition::below:
    case Condition::not_above: return Says::bounded;
    case Condition::less:
    case Condition::not_greater: return Says::bounded_signed;
    default: return Says::nothing;
  }
}

class Finder {
 public:
  Finder(const Function& function, Values& values) : function_(function), values_(values) {}

  std::vector<ScaledRead> find() {
    count_ways_in();
    for (const std::uint32_t block : function_.order) collect_checks(block);
    for (const std::uint32_t block : function_.order) {
      values_.enter(block);
      for (const Operation& operation : function_.of(function_.blocks[block])) {
        if (operation.read.size != 0) reads_.push_back({operation.offset, guard_of(block, operation)});
        values_.step(operation);
      }
    }
    std::ranges::sort(reads_, {}, &ScaledRead::offset);
    return reads_;
  }

 private:
  // What was compared last when the block's branch comes.
  struct Compared {
    Value left;
    Value right;
    std::uint32_t offset;
  };

  void collect_checks(std::uint32_t index) {
    const FlowBlock& block = function_.blocks[index];
    std::optional<Compared> compared;
    values_.enter(index);
    for (const Operation& operation : function_.of(block)) {
      if (operation.changes_flags) compared.reset();
      const Comparison& comparison = operation.comparison;
      if (comparison.is_there && !comparison.is_test) {
        compared = {values_.of(comparison.left, operation.offset), values_.of(comparison.right, operation.offset),
                    operation.offset};
      }
      values_.step(operation);
    }
    const Operation& last = function_.last(block);
    if (!compared || last.flow != Flow::branch || block.taken == block.next) return;
    add(index, compared->left, *compared, last.condition);
    add(index, compared->right, *compared, swapped(last.condition));
  }

  void add(std::uint32_t index, const Value& value, const Compared& compared, Condition condition) {
    const FlowBlock& block = function_.blocks[index];
    if (value.root == 0 || values_.number(value) || condition == Condition::none) return;
    auto& checks = checks_[value.root];
    const auto add_edge = [&](std::uint32_t to, Condition holds) {
      if (to == kNoBlock) return;
      const Says what = says(holds);
      checks.push_back({.block = index,
                        .to = to,

                        .offset = compared.offset,
                        .read_at = value.read_at,
                        .is_signed = what == Says::bounded_signed,
                        .is_bound = what != Says::nothing});
    };
    add_edge(block.taken, condition);
    add_edge(block.next, opposite(condition));
  }

  Guard guard_of(std::uint32_t block, const Operation& operation) {
    const Value index = values_.of(operation.read.index);
    const Root root = values_.root(index);
    if (root.kind == Root::Kind::masked && root.number >= 0) return {.kind = GuardKind::masked, .offset = root.a};
    if (root.kind == Root::Kind::selected) return {.kind = GuardKind::selected, .offset = root.a};
    const auto found = checks_.find(index.root);
    if (found == checks_.end()) return {};
    // The nearest one is the last of those that come before.
    Guard counted;
    std::size_t num_looked_at = 0;
    for (const Check& check : found->second | std::views::reverse) {
      if (++num_looked_at > kMostChecks) break;
      if (check.is_bound && is_behind(block, check)) {
        return {.kind = GuardKind::compared,
                .offset = check.offset,
                .is_signed = check.is_signed,
                .is_reread = check.read_at != 0 && check.read_at != index.read_at};
      }
      if (counted.kind == GuardKind::none && is_counted(block, root, check)) {
        counted = {.kind = GuardKind::counted, .offset = check.offset};
      }
    }
    return counted;
  }

  // Whether every way to `block` goes through the check's good edge: the edge is the only way into what it leads to,
  // apart from ways that come from there.
  [[nodiscard]] bool is_behind(std::uint32_t block, const Check& check) const {
    return num_ways_in_[check.to] == 1 && !function_.dominates(check.to, check.block) &&
           function_.dominates(check.to, block);
  }

  void count_ways_in() {
    num_ways_in_.resize(function_.blocks.size());
    for (const std::uint32_t block : function_.order) {
      for (const std::uint32_t before : function_.blocks[block].before) {
        const bool is_reached = function_.blocks[before].enter != 0;
        if (is_reached && !function_.dominates(block, before)) ++num_ways_in_[block];
      }
    }
    // The function's begin has one more, from outside.
    if (function_.first_block != kNoBlock) ++num_ways_in_[function_.first_block];
  }

  // Whether the index is merged where a loop begins, and the check at the loop's end leads back there.
  [[nodiscard]] bool is_counted(std::uint32_t block, const Root& root, const Check& check) const {
    if (root.kind != Root::Kind::merged || check.to != root.a) return false;
    return function_.dominates(root.a, check.block) && function_.dominates(root.a, block);
  }

  const Function& function_;
  Values& values_;
  std::vector<std::uint32_t> num_ways_in_;                        // by block, from where it does not dominate
  std::unordered_map<std::uint32_t, std::vector<Check>> checks_;  // by root
  std::vector<ScaledRead> reads_;
};

}  // namespace

std::vector<ScaledRead> find_scaled_reads(const Function& function, Values& values) {
  return Finder(function, values).find();
}

}  // namespace sluice::image
