// Edits of a tree's shape.
#include <algorithm>
#include <cstddef>
#include <cstring>

#include "fuzz/mutate/formula.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

namespace {

// What an edit changes of most nodes behind it lies together, and is changed at once.
using Four = std::int32_t __attribute__((vector_size(16)));
static_assert(offsetof(Node, parent) == 0 && offsetof(Node, end) == 4 && offsetof(Node, from) == 8 &&
              offsetof(Node, to) == 12);

[[gnu::always_inline]] inline void shift(Node& node, NodeId from, std::int32_t nodes, std::int32_t bytes) {
  Four four;
  std::memcpy(&four, &node, sizeof four);
  const auto first = static_cast<std::int32_t>(from);
  // The root's parent is below all.
  const Four moves = four >= Four{first, INT32_MIN, INT32_MIN, INT32_MIN};
  four += Four{nodes, nodes, bytes, bytes} & (moves | Four{0, -1, -1, -1});
  std::memcpy(static_cast<void*>(&node), &four, sizeof four);
}

}  // namespace

void Tree::assume(std::span<const Node> nodes, std::span<const std::uint8_t> bytes) {
  nodes_.assign(nodes.begin(), nodes.end());
  bytes_.assign(bytes.begin(), bytes.end());
  is_whole_ = true;
  stopped_at_ = static_cast<std::uint32_t>(bytes_.size());
  has_flags_ = true;  // of whoever made them
  find_placed();
}

NodeId Tree::region_of(NodeId id) const {
  if (!nodes_[id].is(node_flag::placed)) return nodes_[id].parent;
  const NodeId stream = Evaluator(*this).stream_of_place(id);
  return stream == kNoNode ? 0 : stream;
}

void Tree::find_placed() {
  placed_.clear();
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    if (nodes_[id].is(node_flag::placed)) placed_.push_back(id);
  }
}

// Everything that reaches over `region` grows with it, and is marked so.
void Tree::open_gap(NodeId region, Gap& gap) {
  growing_.clear();
  moved_placed_.clear();
  for (NodeId id = region; id != kNoNode && !nodes_[id].is(node_flag::grows);) {
    nodes_[id].flags |= node_flag::grows;
    growing_.push_back(id);
    if (nodes_[id].is(node_flag::placed)) {
      id = region_of(id);
      if (id == kNoNode) id = 0;
      gap.pivot = gap.rest = nodes_[id].end;
      gap.begin = std::min(gap.begin, id + 1);
    } else {
      id = nodes_[id].parent;
    }
  }
}

[[gnu::noinline]] void Tree::note_moved(NodeId placed) { moved_placed_.push_back(placed); }

// Without branches: what the data decides is half the nodes, and not predicted.
[[gnu::always_inline]] inline void Tree::widen(Gap& gap, NodeId id) {
  Node& node = nodes_[id];
  const bool is_placed = node.is(node_flag::placed);
  gap.placed_end = std::max(gap.placed_end, is_placed ? node.end : 0);
  const bool grows = node.is(node_flag::grows);
  const bool is_past =
      (node.from > gap.offset) | ((node.from == gap.offset) & ((id >= gap.pivot) | (id < gap.placed_end)));
  const bool is_behind = is_past & !grows;
  const bool reaches = is_behind | ((node.to > gap.offset) & !grows);
  node.from += gap.count & -static_cast<std::uint32_t>(is_behind);
  node.to += gap.count & -static_cast<std::uint32_t>(reaches);
  if (is_behind & is_placed) [[unlikely]]
    note_moved(id);
}

// Before `end` few reach so far: what is placed, and what is no part of a file that was read.
void Tree::widen_some(Gap& gap, NodeId end) {
  for (NodeId id = 0; id < end; ++id) {
    if (nodes_[id].to >= gap.offset) [[unlikely]]
      widen(gap, id);
  }
}

void Tree::widen_rest(Gap& gap, NodeId id, NodeId size, const Renumbering& renumbering) {
  const auto [from, by] = renumbering;
  const auto count = static_cast<std::int32_t>(gap.count);
  const auto widen_to = [&](NodeId end) {
    for (; id < end; ++id) {
      shift(nodes_[id], from, by, 0);
      widen(gap, id);
    }
  };
  while (id < size && id < std::max(gap.rest, gap.placed_end)) widen_to(id + 1);
  for (auto placed = std::ranges::lower_bound(placed_, id); id < size; ++placed) {
    const NodeId until = placed == placed_.end() ? size : std::min(size, *placed);
    for (Node& node : std::span(nodes_).subspan(id, until - id)) shift(node, from, by, count);
    id = until;
    if (id == size) break;
    widen_to(id + 1);
    widen_to(std::min(size, nodes_[id - 1].end));
    while (placed + 1 != placed_.end() && placed[1] < id) ++placed;
  }
}

void Tree::grow_marked(std::uint32_t count) {
  for (const NodeId id : growing_) {
    nodes_[id].flags &= static_cast<std::uint16_t>(~node_flag::grows);
    nodes_[id].to += count;
  }
}

void Tree::insert(NodeId parent, NodeId at, NodeId region, std::uint32_t offset, std::span<const Node> nodes,
                  std::span<const std::uint8_t> bytes) {
  // Something placed stands where its container does, its bytes at the end of what they are put into.
  const bool is_placed = nodes[0].is(node_flag::placed);
  const NodeId behind = is_placed ? nodes_[region].end : at;
  Gap gap{.offset = offset,
          .count = static_cast<std::uint32_t>(bytes.size()),
          .pivot = behind,
          .begin = is_placed ? region + 1 : at,
          .rest = behind};
  open_gap(region, gap);
  bytes_.insert(bytes_.begin() + offset, bytes.begin(), bytes.end());
  const NodeId begin = std::min(gap.begin, at);
  widen_some(gap, begin);
  widen_rest(gap, begin, at, {});

  const auto count = static_cast<NodeId>(nodes.size());
  for (NodeId up = parent; up != kNoNode; up = nodes_[up].parent) nodes_[up].end += count;
  nodes_.insert(nodes_.begin() + at, nodes.begin(), nodes.end());
  if (gap.placed_end > at) gap.placed_end += count;
  auto placed = std::ranges::lower_bound(placed_, at);
  for (auto p = placed; p != placed_.end(); ++p) *p += count;
  if (gap.pivot >= at) gap.pivot += count;
  if (gap.rest >= at) gap.rest += count;
  widen_rest(gap, at + count, static_cast<NodeId>(nodes_.size()), {at, static_cast<std::int32_t>(count)});
  for (NodeId& id : growing_) id += count & -static_cast<std::uint32_t>(id >= at);
  grow_marked(gap.count);
  for (NodeId id = at; id < at + count; ++id) {
    Node& node = nodes_[id];
    node.parent = node.parent == kNoNode ? parent : node.parent + at;
    node.end += at;
    node.from += offset;
    node.to += offset;
  }
  for (NodeId id = at; id < at + count; ++id) {
    if (nodes_[id].is(node_flag::placed)) placed = placed_.insert(placed, id) + 1;
  }
  if (nodes_[at].is(node_flag::element)) {
    const NodeId before = at == parent + 1 ? kNoNode : at - 1;
    std::uint32_t index = 0;
    if (before != kNoNode) {
      NodeId sibling = before;
      while (nodes_[sibling].parent != parent) sibling = nodes_[sibling].parent;
      index = nodes_[sibling].index + 1;
    }
    for (NodeId c = at; c < nodes_[parent].end; c = nodes_[c].end) nodes_[c].index = index++;
  }
}

void Tree::insert_bytes(NodeId region, std::uint32_t offset, std::span<const std::uint8_t> bytes) {
  // What is behind the region, and what in it begins here, moves.
  Gap gap{.offset = offset,
          .count = static_cast<std::uint32_t>(bytes.size()),
          .pivot = region + 1,
          .begin = region + 1,
          .rest = nodes_[region].end};
  open_gap(region, gap);
  gap.pivot = std::min(gap.pivot, region + 1);
  bytes_.insert(bytes_.begin() + offset, bytes.begin(), bytes.end());
  widen_some(gap, gap.begin);
  widen_rest(gap, gap.begin, static_cast<NodeId>(nodes_.size()), {});
  grow_marked(gap.count);
}

void Tree::erase(NodeId id, NodeId end) {
  const Node gone = nodes_[id];
  const NodeId count = end - id;
  std::uint32_t to = gone.to;
  std::uint32_t siblings = 0;
  for (NodeId c = id; c < end; c = nodes_[c].end) {
    to = std::max(to, nodes_[c].to);
    ++siblings;
  }
  if (gone.is(node_flag::element)) {
    for (NodeId c = end; c < nodes_[gone.parent].end; c = nodes_[c].end) nodes_[c].index -= siblings;
  }
  for (NodeId up = gone.parent; up != kNoNode; up = nodes_[up].parent) nodes_[up].end -= count;
  nodes_.erase(nodes_.begin() + id, nodes_.begin() + end);
  const auto first = std::ranges::lower_bound(placed_, id);
  const auto last = std::lower_bound(first, placed_.end(), end);
  for (auto p = placed_.erase(first, last); p != placed_.end(); ++p) *p -= count;
  moved_placed_.clear();
  const Renumbering renumbering{id, -static_cast<std::int32_t>(count)};
  if (gone.is(node_flag::placed)) {
    for (Node& node : std::span(nodes_).subspan(id)) shift(node, renumbering.from, renumbering.by, 0);
    return;
  }
  const std::uint32_t size = to - gone.from;
  bytes_.erase(bytes_.begin() + gone.from, bytes_.begin() + to);
  close_gap(gone.from, size, id, renumbering);
}

// Most nodes before `begin` lie before it.
void Tree::close_gap(std::uint32_t offset, std::uint32_t count, NodeId begin, const Renumbering& renumbering) {
  const std::uint32_t end = offset + count;
  const auto moved = [&](std::uint32_t at) { return at - std::clamp(at, offset, end) + offset; };
  const auto pull = [&](NodeId id) {
    Node& node = nodes_[id];
    if (node.is(node_flag::placed) && node.from > offset) moved_placed_.push_back(id);
    const bool is_cut = (node.from < end) & (node.to > offset);
    node.from = moved(node.from);
    node.to = moved(node.to);
    // A number that lost some of its bytes is one no longer.
    if (is_cut && node.is_number() &&
        node.size() != (node.kind == NodeKind::bits ? (node.shift + node.width + 7u) / 8 : node.width)) {
      node.kind = NodeKind::bytes;
    }
  };
  for (NodeId id = 0; id < begin; ++id) {
    if (nodes_[id].to > offset) [[unlikely]]
      pull(id);
  }
  const auto size = static_cast<NodeId>(nodes_.size());
  for (NodeId id = begin; id < size; ++id) {
    Node& node = nodes_[id];
    if (node.from < end || node.is(node_flag::placed)) [[unlikely]] {
      shift(node, renumbering.from, renumbering.by, 0);
      pull(id);
      continue;
    }
    shift(node, renumbering.from, renumbering.by, -static_cast<std::int32_t>(count));
  }
}

void Tree::erase_bytes(std::uint32_t offset, std::uint32_t count) {
  bytes_.erase(bytes_.begin() + offset, bytes_.begin() + offset + count);
  moved_placed_.clear();
  close_gap(offset, count, 0, {});
}

void Tree::overwrite(std::uint32_t offset, std::span<const std::uint8_t> bytes) {
  std::ranges::copy(bytes, bytes_.begin() + offset);
}

void Tree::rotate(std::uint32_t from, std::uint32_t to, std::uint32_t end) {
  std::rotate(bytes_.begin() + from, bytes_.begin() + to, bytes_.begin() + end);
  moved_placed_.clear();
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    Node& node = nodes_[id];
    const bool is_moved = node.from >= from && node.to <= to;
    const bool is_passed = node.from >= to && node.to <= end;
    const std::uint32_t by = is_moved ? end - to : is_passed ? from - to : 0;  // back: it wraps
    node.from += by;
    node.to += by;
    if (by != 0 && node.is(node_flag::placed)) moved_placed_.push_back(id);
  }
}

void Tree::move(NodeId id, std::uint32_t to) {
  const std::uint32_t from = nodes_[id].from;
  const auto size = static_cast<std::uint32_t>(bytes_.size());
  for (NodeId n = id; n < nodes_[id].end; ++n) {
    const std::int64_t by = static_cast<std::int64_t>(to) - from;
    const auto clamp = [&](std::uint32_t at) {
      return static_cast<std::uint32_t>(std::clamp<std::int64_t>(at + by, 0, size));
    };
    if (n != id && nodes_[n].is(node_flag::placed)) {
      n = nodes_[n].end - 1;
      continue;
    }
    nodes_[n].from = clamp(nodes_[n].from);
    nodes_[n].to = clamp(nodes_[n].to);
    if (nodes_[n].kind == NodeKind::integer && nodes_[n].size() != nodes_[n].width) nodes_[n].kind = NodeKind::bytes;
  }
}

void Tree::clear_flags(std::uint16_t flags) {
  for (Node& node : nodes_) node.flags &= static_cast<std::uint16_t>(~flags);
  if ((flags & node_flag::pinned) != 0) has_flags_ = has_pins_ = false;
}

}  // namespace sluice::mutate
