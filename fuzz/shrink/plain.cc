#include "fuzz/shrink/plain.h"

#include <algorithm>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/hints.h"
#include "fuzz/mutate/minimal.h"
#include "fuzz/mutate/random.h"
#include "fuzz/mutate/settle.h"
#include "fuzz/mutate/subtree.h"
#include "fuzz/mutate/tie.h"

namespace sluice::shrink {

using mutate::Node;
using mutate::NodeId;
using mutate::NodeKind;
using mutate::Tree;

namespace {

constexpr std::uint8_t kLetter = 'a';
constexpr mutate::SettleLimits kSettling{.tries = 400, .work = 4u << 20};
constexpr std::size_t kMostFiles = 32;

// A byte that is all of its structure, and can be a character.
bool is_letter(const mutate::Format& format, const Node& node) {
  if (node.site == mutate::kNoSite || !node.is_number() || node.width != 1) return false;
  const mutate::Site& site = format.site(node.site);
  const bool is_alone = format.schema().type(site.owner).sequence_count == 1 && site.owner != format.schema().root;
  return is_alone && mutate::is_character(*site.member);
}

std::vector<std::uint8_t> bytes_of_node(const Tree& tree, const Node& node) {
  const auto bytes = tree.bytes().subspan(node.from, node.size());
  return {bytes.begin(), bytes.end()};
}

}  // namespace

void Plain::learn(const Tree& tree) {
  for (NodeId id = 0; id < tree.size(); ++id) {
    const Node& node = tree[id];
    if (!node.is_leaf() || node.site == mutate::kNoSite || is_letter(format_, node)) continue;
    const Key key{node.site, node.kind, node.width};
    values_.try_emplace(key, Value{bytes_of_node(tree, node), node.is_number() ? tree.integer(id) : 0});
  }
}

// From the smallest valid file, and from those that have one more element in an array that is empty in it.
Plain::Plain(const mutate::Format& format)
    : format_(format), keys_(format.site_count()), followed_(format.site_count()) {
  for (const mutate::Tie& tie : format.ties().all()) {
    if (tie.target != mutate::kNoSite && tie.site != mutate::kNoSite) followed_[tie.target].push_back(tie.site);
  }
  for (const mutate::Hints::Order& order : mutate::Hints(format).orders) keys_[order.key] = true;
  Tree tree(format);
  (void)tree.parse(mutate::minimal(format));
  if (tree.is_empty()) return;
  mutate::Random random(1);
  mutate::Settler settler(format, random, kSettling);
  (void)settler.settle_everything(tree);
  learn(tree);
  std::vector<Tree> files{tree};
  std::vector<bool> is_met(format.site_count());
  for (std::size_t i = 0; i < files.size() && files.size() < kMostFiles; ++i) {
    for (NodeId id = 0; id < files[i].size() && files.size() < kMostFiles; ++id) {
      const Node& node = files[i][id];
      if (node.kind != NodeKind::array || is_met[node.site] || files[i].count_of(id) != 0) continue;
      is_met[node.site] = true;
      Tree more = files[i];
      if (mutate::append_minimal(settler.begin(more), id) == mutate::kNoNode) continue;
      // Where it does not become valid, it is as near to it as was found.
      if (!settler.settle() && !more.is_whole()) continue;
      learn(more);
      files.push_back(std::move(more));
    }
  }
}

Plain::Value Plain::build(const Tree& tree, NodeId leaf) const {
  const Node& node = tree[leaf];
  Value value;
  if (node.is_number()) {
    value.number = is_letter(format_, node) ? kLetter : 0;
    // The least that it can be without others to go by.
    mutate::Fragment fragment;
    const schema::DataType& data = format_.site(node.site).member->data;
    const bool is_switched = data.kind == schema::DataKind::switched;
    if (value.number == 0 && !is_switched && mutate::build_value(format_, node.site, data, fragment)) {
      Tree built(format_);
      built.assume(fragment.nodes, fragment.bytes);
      if (built[0].is_number() && built[0].width == node.width) value.number = built.integer(0);
    }
    return value;
  }
  const schema::Member& member = *format_.site(node.site).member;
  if (member.contents) {
    value.bytes = *member.contents;
    return value;
  }
  mutate::Fragment fragment;
  const auto number = mutate::case_of(tree, leaf);
  const schema::DataType& data = number ? member.data.cases[*number].type : member.data;
  if (data.kind != schema::DataKind::switched && mutate::build_value(format_, node.site, data, fragment)) {
    value.bytes = std::move(fragment.bytes);
  }
  return value;
}

const Plain::Value& Plain::value_of(const Tree& tree, NodeId leaf) const {
  const Node& node = tree[leaf];
  const Key key{node.site, node.kind, node.width};
  const auto known = values_.find(key);
  return known != values_.end() ? known->second : values_.emplace(key, build(tree, leaf)).first->second;
}

const std::vector<std::uint8_t>& Plain::bytes_of(const Tree& tree, NodeId leaf) const {
  return value_of(tree, leaf).bytes;
}

Integer Plain::number_of(const Tree& tree, NodeId number) const {
  const Integer value = value_of(tree, number).number;
  const NodeId container = keys_[tree[number].site] ? tree.container_of(number) : mutate::kNoNode;
  if (container == mutate::kNoNode) return value;
  return std::min(value + Integer{tree[container].index}, mutate::most_of(tree[number]));
}

bool Plain::is_plain(const Tree& tree, NodeId leaf) const {
  const Node& node = tree[leaf];
  if (node.is_number()) return tree.integer(leaf) == number_of(tree, leaf);
  return std::ranges::equal(tree.bytes().subspan(node.from, node.size()), bytes_of(tree, leaf));
}

std::uint8_t Plain::filler_of(const Tree& tree, NodeId leaf) const {
  const Node& node = tree[leaf];
  return node.kind == NodeKind::text ? kLetter : std::uint8_t{0};
}

bool Plain::follows(const Tree& tree, NodeId leaf) const {
  const mutate::SiteId site = tree[leaf].site;
  const mutate::Ties& ties = format_.ties();
  if (ties.is_sum(site)) return true;
  if (!ties.is_target(site)) return ties.is_bound(site);
  // What it is of may lie beside it, and not be there.
  const NodeId container = tree.container_of(leaf);
  bool is_beside = true;
  for (const mutate::SiteId other : followed_[site]) {
    is_beside = is_beside && format_.site(other).owner == format_.site(site).owner;
    const NodeId part = tree.child_of(container, other);
    if (part != mutate::kNoNode && !tree[part].is(mutate::node_flag::cut)) return true;
  }
  return !is_beside;
}

Rank Plain::rank(const Tree& tree) const {
  Rank rank{.bytes = tree.bytes().size()};
  for (NodeId id = 0; id < tree.size(); ++id) {
    const Node& node = tree[id];
    if (!node.is_leaf() || node.site == mutate::kNoSite || is_plain(tree, id) || follows(tree, id)) continue;
    ++rank.off;
    if (node.is_number()) {
      const Integer by = tree.integer(id) - number_of(tree, id);
      rank.distance += by < 0 ? -by : by;
      continue;
    }
    const std::uint8_t filler = filler_of(tree, id);
    for (const std::uint8_t byte : tree.bytes().subspan(node.from, node.size())) {
      rank.distance += 1 + (byte < filler ? filler - byte : byte - filler);
    }
  }
  for (const Gap& gap : gaps_of(tree)) {
    for (const std::uint8_t byte : tree.bytes().subspan(gap.from, gap.to - gap.from)) {
      rank.off += byte != 0;
      rank.distance += byte;
    }
  }
  return rank;
}

void set_plain(mutate::Editor& editor, const Plain& plain, NodeId leaf) {
  const Tree& tree = editor.tree();
  if (tree[leaf].is_number()) {
    (void)editor.set(leaf, plain.number_of(tree, leaf));
    return;
  }
  const std::vector<std::uint8_t>& bytes = plain.bytes_of(tree, leaf);
  const std::uint32_t have = tree[leaf].size();
  const auto want = static_cast<std::uint32_t>(bytes.size());
  if (want > have && !editor.fill(leaf, tree[leaf].to, want - have, 0)) return;
  if (want < have) editor.cut(leaf, have - want);
  editor.overwrite(leaf, tree[leaf].from, bytes);
}

std::vector<Gap> gaps_of(const Tree& tree) {
  std::vector<Gap> read;
  for (const Node& node : tree.nodes()) {
    if (node.is_leaf() && node.size() != 0) read.push_back({node.from, node.to});
  }
  std::ranges::sort(read, {}, &Gap::from);
  std::vector<Gap> gaps;
  std::uint32_t at = 0;
  for (const Gap& part : read) {
    if (part.from > at) gaps.push_back({at, part.from});
    at = std::max(at, part.to);
  }
  const auto end = static_cast<std::uint32_t>(tree.bytes().size());
  if (at < end) gaps.push_back({at, end});
  return gaps;
}

}  // namespace sluice::shrink
