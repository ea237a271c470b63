#include "fuzz/mutate/first_steps.h"

#include <algorithm>
#include <array>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/formula.h"
#include "fuzz/mutate/tie.h"

namespace sluice::mutate {

namespace {

constexpr std::uint32_t kLongestText = 4096;

Recipe one_step(Step step, RepairMode repair = RepairMode::all) {
  // What repair chooses is the same each time.
  Recipe recipe{.steps = {step}, .payload = {}, .repair = repair};
  recipe.seed = 1;
  return recipe;
}

// The first of each list, then the second of each, as long as they last.
std::vector<Recipe> in_turns(std::span<std::vector<Recipe>> lists) {
  std::vector<Recipe> all;
  std::size_t longest = 0;
  for (const auto& list : lists) longest = std::max(longest, list.size());
  for (std::size_t i = 0; i < longest; ++i) {
    for (auto& list : lists) {
      if (i < list.size() && all.size() < FirstSteps::kMost) all.push_back(std::move(list[i]));
    }
  }
  return all;
}

class Maker {
 public:
  explicit Maker(const Tree& tree) : tree_(tree), ties_(tree.format().ties()) {}

  std::vector<Recipe> make(std::span<const NodeId> nodes) {
    zeros_.push_back({one_step({.verb = Verb::zero_sector}, RepairMode::sums)});
    for (const NodeId id : nodes) {
      const Node& node = tree_[id];
      if (node.size() == 0) continue;
      if (!node.is_leaf()) {
        zeros_from(id);
        ends_.push_back(ends_in(node));
      }
      if (node.kind == NodeKind::text || node.kind == NodeKind::bytes) texts_.push_back(texts_for(id));
      if (node.kind == NodeKind::array) arrays_.push_back(lengths_of(id));
      if (node.is_number()) numbers_.push_back(values_of(id));
    }
    // Each member once before any for the second time.
    std::array lists{in_turns(zeros_), in_turns(ends_), in_turns(texts_), in_turns(arrays_), in_turns(numbers_)};
    return in_turns(lists);
  }

 private:
  static Step cut_at(std::uint32_t place) {
    return {.verb = Verb::truncate_at_field, .node = 0, .value = Integer{place}};
  }
  static std::uint32_t middle_of(const Node& node) { return node.from + node.size() / 2; }

  // What was allocated and never written from here on; and nothing but that, in another length.
  void zeros_from(NodeId id) {
    zeros_.push_back({one_step({.verb = Verb::zero_sector, .node = id}, RepairMode::sums)});
    zeros_.push_back({one_step(cut_at(middle_of(tree_[id])), RepairMode::sums)});
    zeros_.back().back().steps.push_back({.verb = Verb::zero_sector, .node = 0});
  }

  // What was not written to its end, and what was but for one part.
  std::vector<Recipe> ends_in(const Node& node) {
    const Step cut = cut_at(middle_of(node));
    return {one_step(cut, RepairMode::sums), one_step(cut)};
  }

  // No byte of it is the one that ends it; then all are.
  std::vector<Recipe> texts_for(NodeId id) {
    std::vector<Recipe> recipes;
    if (tree_[id].size() > kLongestText) return recipes;
    for (const std::uint8_t byte : {std::uint8_t{'A'}, std::uint8_t{0}, std::uint8_t{0xFF}}) {
      recipes.push_back(one_step({.verb = Verb::change_bytes, .node = id, .size = tree_[id].size()}));
      recipes.back().payload.assign(tree_[id].size(), byte);
    }
    return recipes;
  }

  // Twice all with the same keys, some more with others, and none.
  std::vector<Recipe> lengths_of(NodeId array) {
    constexpr std::uint64_t kSameKeys = 0, kOtherKeys = 1;  // seeds (Verbs::number_anew)
    const NodeId first = tree_.first_child(array);
    NodeId last = first;
    while (tree_.next_sibling(last) != kNoNode) last = tree_.next_sibling(last);
    const auto copied = [&](NodeId from, Integer times, std::uint64_t seed) {
      const NodeId to = from == last ? kNoNode : last;
      return one_step({.verb = Verb::duplicate, .node = from, .other = to, .seed = seed, .value = times});
    };
    return {copied(first, 1, kSameKeys), copied(last, 1, kOtherKeys), copied(last, 16, kOtherKeys),
            copied(last, 256, kOtherKeys),
            one_step({.verb = Verb::erase, .node = first, .value = Integer{tree_.count_of(array)}})};
  }

  std::vector<Recipe> values_of(NodeId id) {
    const Node& node = tree_[id];
    const Integer now = tree_.integer(id);
    const Bounds bounds = bounds_of(tree_, id);
    std::vector<Integer> values{bounds.max + 1, now + 1, most_of(node), bounds.max, bounds.min - 1, least_of(node), 0};
    const std::vector<Integer> named = named_values(tree_, id);
    values.insert(values.end(), named.begin(), named.end());
    if (!named.empty()) values.push_back(std::ranges::max(named) + 1);
    values.insert(values.end(), {now - 1, (most_of(node) >> 1) + 1});

    std::vector<Recipe> recipes;
    const auto tells = [&](TieKind kind) {
      return std::ranges::any_of(ties_.readers(node.site),
                                 [&](const Reader& reader) { return ties_.all()[reader.tie].kind == kind; });
    };
    const bool is_position = tells(TieKind::position);
    const bool is_counter = tells(TieKind::count) || tells(TieKind::size);
    std::vector<Integer> seen{now};
    for (const Integer value : values) {
      if (!fits(node, value) || std::ranges::find(seen, value) != seen.end()) continue;
      seen.push_back(value);
      recipes.push_back(one_step({.verb = Verb::set_field, .node = id, .value = value, .keeps = true}));
      // What goes by it does not follow.
      if (is_counter) recipes.push_back(one_step({.verb = Verb::grow_count, .node = id, .value = value}));
      if (is_position) recipes.push_back(one_step({.verb = Verb::point_past_end, .node = id, .value = value}));
    }
    return recipes;
  }

  const Tree& tree_;
  const Ties& ties_;
  std::vector<std::vector<Recipe>> zeros_, ends_, texts_, arrays_, numbers_;  // by the member
};

}  // namespace

std::vector<Recipe> FirstSteps::next(const Tree& tree) {
  std::vector<NodeId> nodes;
  std::vector<std::uint32_t> depth(tree.size());
  for (NodeId id = 0; id < tree.size(); ++id) {
    const Node& node = tree[id];
    if (id != 0) depth[id] = depth[node.parent] + 1;
    const std::size_t site = node.site == kNoSite          ? 2 * num_sites_
                             : node.is(node_flag::element) ? num_sites_ + node.site
                                                           : std::size_t{node.site};
    if (is_known_[site]) continue;
    is_known_[site] = true;
    nodes.push_back(id);
  }
  std::ranges::stable_sort(nodes, {}, [&](NodeId id) { return depth[id]; });
  if (nodes.empty()) return {};
  return Maker(tree).make(nodes);
}

}  // namespace sluice::mutate
