// What repair does to the shape of a tree.
#include <algorithm>

#include "fuzz/mutate/repair.h"

namespace sluice::mutate {

using schema::DataKind;
using schema::DataType;
using schema::RepeatKind;
using schema::Role;

void Repairer::presence(const Tie& tie, NodeId structure) {
  const Tree& tree = editor_.tree();
  const Scope scope{.self = structure};
  const NodeId child = tree.child_of(structure, tie.site);
  bool wanted = true;
  if (tie.formula != nullptr) {
    const auto condition = value(*tie.formula, scope);
    if (!condition) return;
    wanted = *condition != 0;
  }
  const bool repeats = editor_.format().site(tie.site).member->repeat != RepeatKind::none;
  if (wanted && tie.second != nullptr && !repeats) wanted = case_of(tree, tie.site, scope) != nullptr;
  if (wanted == (child != kNoNode)) return;
  if (wanted) {
    stuck_ |= !create(structure, tie.site);
  } else {
    editor_.release(child);
  }
}

namespace {

bool is_of(const Node& node, const DataType& data) {
  switch (data.kind) {
    case DataKind::structure: return node.kind == NodeKind::structure && node.type == data.type_id;
    case DataKind::integer: return node.kind == NodeKind::integer && node.width == data.width;
    case DataKind::bits: return node.kind == NodeKind::bits && node.width == data.width;
    case DataKind::string: return node.kind == NodeKind::text;
    case DataKind::floating: return node.kind == NodeKind::bytes && node.size() == data.width;
    default: return node.kind == NodeKind::bytes;
  }
}

}  // namespace

void Repairer::variant(const Tie& tie, NodeId structure) {
  const Tree& tree = editor_.tree();
  const NodeId child = tree.child_of(structure, tie.site);
  if (child == kNoNode) return;
  if (tree[child].kind != NodeKind::array) {
    const DataType* data = case_of(tree, tie.site, {.self = structure});
    if (data == nullptr || is_of(tree[child], *data)) return;
    editor_.release(child);
    stuck_ |= !create(structure, tie.site);
    return;
  }
  const bool is_placed = tree[child].is(node_flag::placed);
  for (NodeId c = child + 1; c < tree[child].end; c = tree[c].end) {
    const DataType* data = case_of(tree, tie.site, Evaluator(tree).scope_of(c));
    if (data == nullptr || is_of(tree[c], *data) || is_placed) continue;
    fragment_.clear();
    if (!build_value(editor_.format(), tie.site, *data, fragment_)) continue;
    const std::uint32_t offset = tree[c].from;
    editor_.erase(c);
    if (!editor_.insert(child, c, child, offset, fragment_)) return;
  }
}

// A member that ought to be there comes to be, in its place among its siblings.
bool Repairer::create(NodeId structure, SiteId site) {
  const Tree& tree = editor_.tree();
  NodeId at = structure + 1;
  std::uint32_t offset = tree[structure].from;
  while (at < tree[structure].end && tree[at].site < site) {
    if (!tree[at].is(node_flag::placed)) offset = tree[at].to;
    at = tree[at].end;
  }
  fragment_.clear();
  const schema::Member& member = *editor_.format().site(site).member;
  const DataType* data = member.repeat == RepeatKind::none ? case_of(tree, site, {.self = structure}) : &member.data;
  if (data == nullptr) return false;
  const bool is_built = member.repeat == RepeatKind::none ? build_value(editor_.format(), site, *data, fragment_)
                                                          : build_member(editor_.format(), site, fragment_);
  if (!is_built) return false;
  if (member.role == Role::parse_instance) return create_placed(structure, site, at);
  if (!editor_.insert(structure, at, structure, offset, fragment_)) return false;
  draw_length(at);
  return true;
}

bool Repairer::create_placed(NodeId structure, SiteId site, NodeId at) {
  const Tree& tree = editor_.tree();
  const SiteFormulas& f = editor_.ties().formulas(site);
  fragment_.nodes[0].flags |= node_flag::placed;
  NodeId region = Evaluator(tree).stream_of(structure);
  if (f.io) {
    const Computed io = Evaluator(tree).compute(f.io, f.io.whole(), {.self = structure});
    region = io.kind == Computed::Kind::stream ? io.node : kNoNode;
  }
  if (region == kNoNode) return false;
  std::uint32_t offset = tree[region].to;
  const auto fixed = f.position ? value(f.position, {.self = structure}) : std::nullopt;
  if (editor_.ties().has_target(site, TieKind::position)) {
    if (!editor_.insert(structure, at, region, offset, fragment_)) return false;
    draw_length(at);
    return true;
  }
  // It lies where it lies, over what is there already.
  if (!fixed || *fixed < 0 || *fixed > tree[region].size()) return false;
  offset = tree[region].from + static_cast<std::uint32_t>(*fixed);
  const std::uint64_t end = std::uint64_t{offset} + fragment_.bytes.size();
  if (end > tree[region].to && !editor_.fill(region, tree[region].to, end - tree[region].to, 0)) return false;
  fragment_.bytes.clear();
  return editor_.insert(structure, at, region, offset, fragment_);
}

void Repairer::add_elements(NodeId array, std::uint32_t have, std::uint32_t want) {
  const Tree& tree = editor_.tree();
  const SiteId site = tree[array].site;
  if (have > want) {
    NodeId first = array + 1;
    for (std::uint32_t i = 0; i < want; ++i) first = tree[first].end;
    editor_.erase(first, tree[array].end);
    return;
  }
  // Elements that are all of one kind come at once.
  const schema::Member& member = *editor_.format().site(site).member;
  const std::uint32_t at_once = member.data.kind == DataKind::switched ? 1 : want;
  while (have < want) {
    Scope scope = Evaluator(tree).scope_of(array);
    scope.index = have;
    const DataType* data = case_of(tree, site, scope);
    fragment_.clear();
    const std::uint32_t until = have + std::min(at_once, want - have);
    const std::uint32_t count = until - have;
    have = until;
    const bool is_built = data != nullptr && build_value(editor_.format(), site, *data, fragment_) &&
                          fragment_.nodes.size() * count <= kMostFragmentNodes && editor_.has_room(fragment_, count);
    if (is_built) fragment_.repeat(count);
    if (!is_built || !editor_.insert(array, tree[array].end, array, tree[array].to, fragment_)) {
      stuck_ = true;
      return;
    }
  }
}

void Repairer::resize(NodeId id, std::uint32_t want) {
  const std::uint32_t have = editor_.tree()[id].size();
  if (want > have) grow(id, want - have);
  if (want < have) shrink(id, have - want);
}

namespace {

// The last member of a structure's seq.
NodeId last_of(const Tree& tree, NodeId structure) {
  NodeId last = kNoNode;
  for (NodeId c = structure + 1; c < tree[structure].end; c = tree[c].end) {
    if (!tree[c].is(node_flag::placed)) last = c;
  }
  return last;
}

}  // namespace

bool Repairer::can_grow(NodeId id) const {
  const Tree& tree = editor_.tree();
  const schema::Member& member = *editor_.format().site(tree[id].site).member;
  if (tree[id].kind == NodeKind::array) return member.repeat == RepeatKind::eos && tree.count_of(id) != 0;
  if (tree[id].is_leaf()) {
    if (tree[id].is_number() || member.contents || member.data.kind == DataKind::floating) return false;
    if (member.sizing.size_eos) return true;
  }
  const NodeId last = tree[id].is_leaf() ? id : last_of(tree, id);
  return editor_.ties().has_target(tree[id].site, TieKind::size) && last != kNoNode && (last == id || can_grow(last));
}

void Repairer::draw_length(NodeId id) {
  constexpr std::uint64_t kLongest = 8;
  if (draws_lengths_ && random_.chance(1, 2) && can_grow(id)) {
    grow(id, static_cast<std::uint32_t>(1 + random_.below(kLongest)));
  }
}

void Repairer::grow(NodeId id, std::uint32_t by) {
  const Tree& tree = editor_.tree();
  const schema::Member* member = tree[id].site == kNoSite ? nullptr : editor_.format().site(tree[id].site).member;
  if (tree[id].is_leaf()) {
    const auto pad = member->sizing.pad_right;
    const std::uint8_t filler = pad ? *pad : tree[id].kind == NodeKind::text ? 'a' : 0;
    stuck_ |= !editor_.fill(id, tree[id].to, by, filler);
    return;
  }
  const NodeId last = last_of(tree, id);
  if (tree[id].kind == NodeKind::structure && last != kNoNode && tree[last].to == tree[id].to) {
    const schema::Member& m = *editor_.format().site(tree[last].site).member;
    const bool reaches_end = m.sizing.size_eos || (m.repeat == RepeatKind::eos) ||
                             (tree[last].kind == NodeKind::structure && !m.sizing.cuts_a_region());
    if (reaches_end) {
      grow(last, by);
      return;
    }
  }
  if (tree[id].kind == NodeKind::array && member->repeat == RepeatKind::eos) {
    const std::uint32_t before = tree[id].size();
    while (tree[id].size() < before + by) {
      const std::uint32_t now = tree[id].size();
      const std::uint32_t have = tree.count_of(id);
      add_elements(id, have, have + 1);
      const std::uint32_t size = tree[id].size() - now;
      if (size == 0) return;  // no room, or elements of nothing
      // The others will be as large, most times.
      const std::uint32_t more = tree[id].size() < before + by ? (before + by - tree[id].size()) / size : 0;
      if (more != 0) add_elements(id, have + 1, have + 1 + more);
    }
    return;
  }
  stuck_ |= !editor_.fill(id, tree[id].to, by, 0);
}

void Repairer::shrink(NodeId id, std::uint32_t by) {
  const Tree& tree = editor_.tree();
  if (tree[id].kind == NodeKind::array) {
    const std::uint32_t most = tree[id].to - by;
    std::uint32_t kept = 0;
    for (NodeId c = id + 1; c < tree[id].end && tree[c].to <= most; c = tree[c].end) ++kept;
    const std::uint32_t have = tree.count_of(id);
    if (kept != have) add_elements(id, have, kept);
    return;
  }
  if (tree[id].kind == NodeKind::structure) {
    const NodeId last = last_of(tree, id);
    if (last != kNoNode && tree[last].to == tree[id].to && tree[last].size() >= by && !tree[last].is_number()) {
      shrink(last, by);
      return;
    }
  }
  editor_.cut(id, by);
}

}  // namespace sluice::mutate
