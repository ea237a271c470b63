#include "fuzz/mutate/first_steps.h"

#include <algorithm>
#include <array>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/tie.h"

namespace sluice::mutate {

namespace {

constexpr std::uint32_t kLongestText = 1024;
constexpr std::size_t kMostNamed = 16;   // values of one number
constexpr std::size_t kMostUsed = 32;    // lists of a file
constexpr std::size_t kMostFilled = 8;   // arrays of a file
constexpr std::size_t kMostWays = 64;    // of one of them
constexpr std::size_t kMostChoices = 4;  // fields that decide

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

// What repair chooses is the same each time.
Recipe one_step(const Step& step, RepairMode repair = RepairMode::all) {
  return {.steps = {step}, .payload = {}, .repair = repair, .seed = 1};
}

Step cut_at(std::uint32_t place) { return {.verb = Verb::truncate_at_field, .node = 0, .value = Integer{place}}; }

std::uint32_t middle_of(const Node& node) { return node.from + node.size() / 2; }

class Maker {
 public:
  // Of these nodes; all are aliased.
  Maker(const Tree& tree, const Hints& hints, std::span<const NodeId> nodes)
      : tree_(tree), hints_(hints), nodes_(nodes), ties_(tree.format().ties()) {}

  std::vector<Recipe> make() {
    zeros_.push_back({one_step({.verb = Verb::zero_sector}, RepairMode::sums)});
    for (const NodeId id : nodes_) {
      const Node& node = tree_[id];
      if (!node.is_leaf()) {
        zeros_from(id);
        ends_.push_back({one_step(cut_at(middle_of(node)), RepairMode::sums), one_step(cut_at(middle_of(node)))});
      }
      if (node.kind == NodeKind::text || node.kind == NodeKind::bytes) texts_.push_back(texts_for(id));
      if (node.kind == NodeKind::array) arrays_.push_back(lengths_of(id));
      if (node.is_number()) numbers_.push_back(values_of(id));
    }
    // Each member once before any for the second time, and what is over at once before all.
    std::array lists{shortest(),   uses(),           in_turns(zeros_),  in_turns(ends_),
                     references(), in_turns(texts_), in_turns(arrays_), in_turns(numbers_)};
    return in_turns(lists);
  }

 private:
  // Nothing but the first byte.
  [[nodiscard]] std::vector<Recipe> shortest() const {
    if (nodes_.front() != 0) return {};
    return {one_step(cut_at(1), RepairMode::sums)};
  }

  // Of each list the last that it does not use: nobody has tried that. What decides how it is used is each of what the
  // schema names for it.
  std::vector<Recipe> uses() const {
    std::vector<std::vector<Recipe>> lists;
    for (NodeId array = 0; array < tree_.size() && lists.size() < kMostUsed; ++array) {
      if (tree_[array].kind != NodeKind::array || !has_new(tree_[array].site)) continue;
      NodeId last = kNoNode;
      for (NodeId c = array + 1; c < tree_[array].end; c = tree_[c].end) {
        if (hints_.is_unused(tree_, c)) last = c;
      }
      if (last != kNoNode) lists.push_back(ways_to_use(last));
    }
    std::vector<Recipe> all = in_turns(lists);
    all.resize(std::min(all.size(), FirstSteps::kMost / 2));
    return all;
  }

  [[nodiscard]] std::vector<Recipe> ways_to_use(NodeId element) const {
    const Step use{.verb = Verb::use_unused_field, .node = element};
    std::vector<std::vector<Step>> choices;  // by the field
    for (NodeId field = element + 1; field < tree_[element].end; field = tree_[field].end) {
      if (choices.size() == kMostChoices) break;
      if (tree_[field].is_number() && tree_[field].enum_id != schema::kNoEnum) choices.push_back(named_for(field));
    }
    const auto as_chosen = [&](std::initializer_list<Step> chosen) {
      Recipe recipe = one_step(use);
      recipe.steps.insert(recipe.steps.begin(), chosen);
      return recipe;
    };
    std::vector<std::vector<Recipe>> ways;
    for (const auto& field : choices) {
      ways.emplace_back();
      for (const Step& step : field) ways.back().push_back(as_chosen({step}));
    }
    std::vector<Recipe> all = in_turns(ways);
    all.insert(all.begin(), as_chosen({}));
    // Also what the schema does not allow together.
    for (std::size_t a = 0; a < choices.size(); ++a) {
      for (std::size_t b = a + 1; b < choices.size(); ++b) {
        for (const Step& one : choices[a]) {
          for (const Step& other : choices[b]) all.push_back(as_chosen({one, other}));
        }
      }
    }
    all.resize(std::min(all.size(), kMostWays));
    return all;
  }

  [[nodiscard]] Integer beyond_enum(NodeId field) const {
    Integer largest = 0;
    for (const auto& member : tree_.format().schema().enumeration(tree_[field].enum_id).members) {
      largest = std::max(largest, member.value);
    }
    return largest + 1;
  }

  // Each value of an enum that the field does not have, and one that the enum has not.
  [[nodiscard]] std::vector<Step> named_for(NodeId field) const {
    std::vector<Step> steps;
    std::vector<Integer> values = named_values(tree_, field, kMostNamed);
    values.push_back(beyond_enum(field));
    for (const Integer value : values) {
      if (value == tree_.integer(field) || !fits(tree_[field], value)) continue;
      steps.push_back({.verb = Verb::set_field, .node = field, .value = value, .keeps = true});
    }
    return steps;
  }

  // Of what refers to others of its kind: one that refers to itself, two to each other, and chains of some length.
  std::vector<Recipe> references() {
    std::vector<std::vector<Recipe>> kinds;
    for (std::size_t which = 0; which < hints_.references.size(); ++which) {
      NodeId node = 0;
      const auto refers = [&] { return hints_.is_at(tree_[node], *hints_.references[which].each); };
      while (node < tree_.size() && !(tree_[node].is(node_flag::element) && refers())) ++node;
      if (node == tree_.size() || !has_new(tree_[node].site)) continue;
      const auto refer = [&](NodeId other, bool is_chain) {
        return Step{.verb = Verb::make_cycle,
                    .node = node,
                    .other = other,
                    .value = static_cast<Integer>(which),
                    .keeps = is_chain};
      };
      std::vector<Recipe>& recipes = kinds.emplace_back();
      recipes.push_back(one_step(refer(node, false)));
      for (const Integer copies : {1, 3, 7, 15}) {
        recipes.push_back(one_step({.verb = Verb::duplicate, .node = node, .seed = 1, .value = copies}));
        recipes.back().steps.push_back(refer(node, true));
      }
      recipes.push_back(one_step({.verb = Verb::duplicate, .node = node, .seed = 1, .value = 1}));
      recipes.back().steps.push_back(refer(tree_[node].end, false));
    }
    return in_turns(kinds);
  }

  // Whether the steps of an array of this member are among those that are made now.
  [[nodiscard]] bool has_new(SiteId site) const {
    return std::ranges::any_of(nodes_,
                               [&](NodeId id) { return tree_[id].site == site && tree_[id].kind == NodeKind::array; });
  }

  // What was allocated and never written from here on; and nothing but that, in another length.
  void zeros_from(NodeId id) {
    zeros_.push_back({one_step({.verb = Verb::zero_sector, .node = id}, RepairMode::sums)});
    zeros_.push_back({one_step(cut_at(middle_of(tree_[id])), RepairMode::sums)});
    zeros_.back().back().steps.push_back({.verb = Verb::zero_sector, .node = 0});
  }

  // No byte of it is the one that ends it; then all are.
  std::vector<Recipe> texts_for(NodeId id) const {
    std::vector<Recipe> recipes;
    for (const std::uint8_t byte : {std::uint8_t{'A'}, std::uint8_t{0}, std::uint8_t{0xFF}}) {
      recipes.push_back(one_step({.verb = Verb::change_bytes, .node = id, .size = tree_[id].size()}));
      recipes.back().payload.assign(tree_[id].size(), byte);
    }
    return recipes;
  }

  // Twice all with the same keys, some more with others, and none.
  std::vector<Recipe> lengths_of(NodeId array) const {
    constexpr std::uint64_t kSameKeys = 0, kOtherKeys = 1;  // seeds (Verbs::number_anew)
    const NodeId first = tree_.first_child(array);
    const NodeId last = tree_.element_of(array, tree_.count_of(array) - 1);
    const auto copied = [&](NodeId from, Integer times, std::uint64_t seed) {
      const NodeId to = from == last ? kNoNode : last;
      return one_step({.verb = Verb::duplicate, .node = from, .other = to, .seed = seed, .value = times});
    };
    return {copied(first, 1, kSameKeys), copied(last, 1, kOtherKeys), copied(last, 16, kOtherKeys),
            copied(last, 256, kOtherKeys),
            one_step({.verb = Verb::erase, .node = first, .value = Integer{tree_.count_of(array)}})};
  }

  std::vector<Recipe> values_of(NodeId id) const {
    const Node& node = tree_[id];
    const bool is_counter = ties_.tells(node.site, TieKind::count) || ties_.tells(node.site, TieKind::size);
    const bool is_position = ties_.tells(node.site, TieKind::position);
    std::vector<Recipe> recipes;
    std::vector<Integer> seen{tree_.integer(id)};
    for (const Integer value : choices_for(id)) {
      if (!fits(node, value) || std::ranges::find(seen, value) != seen.end()) continue;
      seen.push_back(value);
      recipes.push_back(one_step({.verb = Verb::set_field, .node = id, .value = value, .keeps = true}));
      // What goes by it does not follow.
      if (is_counter) recipes.push_back(one_step({.verb = Verb::grow_count, .node = id, .value = value}));
      if (is_position) recipes.push_back(one_step({.verb = Verb::point_past_end, .node = id, .value = value}));
    }
    return recipes;
  }

  [[nodiscard]] std::vector<Integer> choices_for(NodeId id) const {
    const Node& node = tree_[id];
    const Integer now = tree_.integer(id);
    const Bounds bounds = bounds_of(tree_, id);
    std::vector<Integer> values{bounds.max + 1, now + 1, most_of(node), bounds.max, bounds.min - 1, least_of(node), 0};
    const std::vector<Integer> named = named_values(tree_, id, kMostNamed);
    values.insert(values.end(), named.begin(), named.end());
    if (node.enum_id != schema::kNoEnum) values.push_back(beyond_enum(id));
    values.push_back(now - 1);
    // Negative, to who reads it with a sign.
    if (!node.is(node_flag::is_signed)) values.push_back((most_of(node) >> 1) + 1);
    return values;
  }

  const Tree& tree_;
  const Hints& hints_;
  const std::span<const NodeId> nodes_;
  const Ties& ties_;
  std::vector<std::vector<Recipe>> zeros_, ends_, texts_, arrays_, numbers_;  // by the member
};

bool has_steps(const Tree& tree, NodeId id) {
  const Node& node = tree[id];
  if (node.size() == 0) return false;
  if (node.kind == NodeKind::array) return tree.first_child(id) != kNoNode;
  return node.is_number() || !node.is_leaf() || node.size() <= kLongestText;
}

}  // namespace

FirstSteps::FirstSteps(const Format& format)
    : verbs_(format),
      editor_(format),
      filled_(format),
      num_sites_(format.site_count()),
      is_known_(2 * num_sites_ + 1),
      is_filled_(num_sites_) {}

std::vector<NodeId> FirstSteps::take_new(const Tree& tree) {
  std::vector<NodeId> nodes;
  std::vector<std::uint32_t> depth(tree.size());
  for (NodeId id = 0; id < tree.size() && nodes.size() < kMost; ++id) {
    const Node& node = tree[id];
    if (id != 0) depth[id] = depth[node.parent] + 1;
    const std::size_t site = node.site == kNoSite          ? 2 * num_sites_
                             : node.is(node_flag::element) ? num_sites_ + node.site
                                                           : std::size_t{node.site};
    if (is_known_[site] || !has_steps(tree, id)) continue;
    is_known_[site] = true;
    nodes.push_back(id);
  }
  std::ranges::stable_sort(nodes, {}, [&](NodeId id) { return depth[id]; });
  return nodes;
}

// Leaves the tree with an element in each array that has none, and returns how it came to that.
std::vector<Step> FirstSteps::fill_empty(const Tree& tree, std::size_t max_size) {
  std::vector<Step> steps;
  filled_ = tree;
  editor_.begin(filled_, max_size);
  for (NodeId id = 0; id < filled_.size() && steps.size() < kMostFilled; ++id) {
    const Node& node = filled_[id];
    const bool is_empty =
        node.kind == NodeKind::array && !node.is(node_flag::cut) && filled_.first_child(id) == kNoNode;
    if (!is_empty || node.site == kNoSite || is_known_[node.site] || is_filled_[node.site]) continue;
    is_filled_[node.site] = true;
    const Step step{.verb = Verb::insert_new, .node = id};
    if (verbs_.apply(step, editor_, {}, {})) steps.push_back(step);
  }
  return steps;
}

std::vector<Recipe> FirstSteps::next(const Tree& tree, std::size_t max_size) {
  std::vector<Recipe> all;
  if (const std::vector<NodeId> nodes = take_new(tree); !nodes.empty()) all = Maker(tree, verbs_.hints(), nodes).make();
  const std::vector<Step> first = fill_empty(tree, max_size);
  if (first.empty()) return all;
  const std::vector<NodeId> nodes = take_new(filled_);
  if (nodes.empty()) return all;
  for (Recipe& recipe : Maker(filled_, verbs_.hints(), nodes).make()) {
    if (all.size() == kMost) break;
    recipe.steps.insert(recipe.steps.begin(), first.begin(), first.end());
    all.push_back(std::move(recipe));
  }
  return all;
}

}  // namespace sluice::mutate
