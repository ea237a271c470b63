// Edits of a tree's shape.
#include <algorithm>

#include "fuzz/mutate/formula.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

void Tree::assume(std::span<const Node> nodes, std::span<const std::uint8_t> bytes) {
  nodes_.assign(nodes.begin(), nodes.end());
  bytes_.assign(bytes.begin(), bytes.end());
  is_whole_ = true;
  stopped_at_ = static_cast<std::uint32_t>(bytes_.size());
}

NodeId Tree::region_of(NodeId id) const {
  if (!nodes_[id].is(node_flag::placed)) return nodes_[id].parent;
  const NodeId stream = Evaluator(*this).stream_of_place(id);
  return stream == kNoNode ? 0 : stream;
}

// Everything that reaches over `region` grows with it. `pivot`: of other nodes at the offset those from here on come
// behind it.
void Tree::mark_growing(NodeId region, NodeId& pivot) {
  for (NodeId id = region; id != kNoNode && !nodes_[id].is(node_flag::grows);) {
    nodes_[id].flags |= node_flag::grows;
    if (nodes_[id].is(node_flag::placed)) {
      id = region_of(id);
      if (id != kNoNode) pivot = nodes_[id].end;
    } else {
      id = nodes_[id].parent;
    }
  }
}

// `count` bytes were put in at `offset`. Without branches: what the data decides is half the nodes, and not predicted.
void Tree::shift(std::uint32_t offset, std::uint32_t count, NodeId pivot) {
  bool has_moved_placed = false;
  NodeId placed_end = 0;
  NodeId id = 0;
  for (Node& node : nodes_) {
    placed_end = std::max(placed_end, node.is(node_flag::placed) ? node.end : 0);
    const bool grows = node.is(node_flag::grows);
    const bool is_past = (node.from > offset) | ((node.from == offset) & ((id >= pivot) | (id < placed_end)));
    const bool is_behind = is_past & !grows;
    const bool reaches = grows | is_behind | (node.to > offset);
    node.flags &= static_cast<std::uint16_t>(~node_flag::grows);
    node.from += count & -static_cast<std::uint32_t>(is_behind);
    node.to += count & -static_cast<std::uint32_t>(reaches);
    has_moved_placed |= is_behind & (id < placed_end);
    ++id;
  }
  has_moved_placed_ = has_moved_placed;
}

void Tree::insert(NodeId parent, NodeId at, NodeId region, std::uint32_t offset, std::span<const Node> nodes,
                  std::span<const std::uint8_t> bytes) {
  NodeId pivot = at;
  // Something placed stands where its container does, its bytes at the end of what they are put into.
  if (nodes[0].is(node_flag::placed)) pivot = nodes_[region].end;
  mark_growing(region, pivot);
  bytes_.insert(bytes_.begin() + offset, bytes.begin(), bytes.end());
  shift(offset, static_cast<std::uint32_t>(bytes.size()), pivot);

  const auto count = static_cast<NodeId>(nodes.size());
  for (Node& node : nodes_) {
    node.end += count & -static_cast<std::uint32_t>(node.end > at);
    node.parent += count & -static_cast<std::uint32_t>(node.parent + 1 > at);  // kNoNode is not
  }
  for (NodeId up = parent; up != kNoNode; up = nodes_[up].parent) {
    if (nodes_[up].end == at) nodes_[up].end += count;
  }
  nodes_.insert(nodes_.begin() + at, nodes.begin(), nodes.end());
  for (NodeId id = at; id < at + count; ++id) {
    Node& node = nodes_[id];
    node.parent = node.parent == kNoNode ? parent : node.parent + at;
    node.end += at;
    node.from += offset;
    node.to += offset;
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
  NodeId pivot = region + 1;
  mark_growing(region, pivot);
  bytes_.insert(bytes_.begin() + offset, bytes.begin(), bytes.end());
  shift(offset, static_cast<std::uint32_t>(bytes.size()), std::min(pivot, region + 1));
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
  nodes_.erase(nodes_.begin() + id, nodes_.begin() + end);
  for (Node& node : nodes_) {
    node.end -= count & -static_cast<std::uint32_t>(node.end > id);
    node.parent -= count & -static_cast<std::uint32_t>((node.parent > id) & (node.parent != kNoNode));
  }
  has_moved_placed_ = false;
  if (!gone.is(node_flag::placed)) erase_bytes(gone.from, to - gone.from);
}

void Tree::erase_bytes(std::uint32_t offset, std::uint32_t count) {
  const std::uint32_t end = offset + count;
  bytes_.erase(bytes_.begin() + offset, bytes_.begin() + end);
  const auto moved = [&](std::uint32_t at) { return at - std::clamp(at, offset, end) + offset; };
  bool has_moved_placed = false;
  NodeId placed_end = 0;
  NodeId id = 0;
  for (Node& node : nodes_) {
    placed_end = std::max(placed_end, node.is(node_flag::placed) ? node.end : 0);
    has_moved_placed |= (id < placed_end) & (node.from > offset);
    const bool is_cut = (node.from < end) & (node.to > offset);
    node.from = moved(node.from);
    node.to = moved(node.to);
    // A number that lost some of its bytes is one no longer.
    if (is_cut && node.is_number() &&
        node.size() != (node.kind == NodeKind::bits ? (node.shift + node.width + 7u) / 8 : node.width)) {
      node.kind = NodeKind::bytes;
    }
    ++id;
  }
  has_moved_placed_ = has_moved_placed;
}

void Tree::overwrite(std::uint32_t offset, std::span<const std::uint8_t> bytes) {
  std::ranges::copy(bytes, bytes_.begin() + offset);
}

void Tree::rotate(std::uint32_t from, std::uint32_t to, std::uint32_t end) {
  std::rotate(bytes_.begin() + from, bytes_.begin() + to, bytes_.begin() + end);
  for (Node& node : nodes_) {
    const bool is_moved = node.from >= from && node.to <= to;
    const bool is_passed = node.from >= to && node.to <= end;
    const std::uint32_t by = is_moved ? end - to : is_passed ? from - to : 0;  // back: it wraps
    node.from += by;
    node.to += by;
  }
  has_moved_placed_ = true;
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
}

}  // namespace sluice::mutate
