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

// `count` bytes were put in at `offset`.
void Tree::shift(std::uint32_t offset, std::uint32_t count, NodeId pivot) {
  has_moved_placed_ = false;
  NodeId placed_end = 0;
  const auto size = static_cast<NodeId>(nodes_.size());
  for (NodeId id = 0; id < size; ++id) {
    Node& node = nodes_[id];
    if (node.is(node_flag::placed)) placed_end = std::max(placed_end, node.end);
    if (node.is(node_flag::grows)) {
      node.flags &= static_cast<std::uint16_t>(~node_flag::grows);
      node.to += count;
      continue;
    }
    const bool is_behind = node.from > offset || (node.from == offset && (id >= pivot || id < placed_end));
    if (is_behind) {
      node.from += count;
      node.to += count;
      has_moved_placed_ |= id < placed_end;
    } else if (node.to > offset) {
      node.to += count;
    }
  }
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
  const auto size = static_cast<NodeId>(nodes_.size());
  for (NodeId id = 0; id < size; ++id) {
    Node& node = nodes_[id];
    if (node.end > at) node.end += count;
    if (node.parent != kNoNode && node.parent >= at) node.parent += count;
  }
  for (NodeId up = parent; up != kNoNode; up = nodes_[up].parent) {
    if (nodes_[up].end == at) nodes_[up].end += count;
  }
  nodes_.insert(nodes_.begin() + at, nodes.begin(), nodes.end());
  for (NodeId id = at; id < at + count; ++id) {
    Node& node = nodes_[id];
    node.parent = id == at ? parent : node.parent + at;
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

void Tree::erase(NodeId id) {
  const Node gone = nodes_[id];
  const NodeId count = gone.end - id;
  if (gone.is(node_flag::element)) {
    for (NodeId c = gone.end; c < nodes_[gone.parent].end; c = nodes_[c].end) --nodes_[c].index;
  }
  nodes_.erase(nodes_.begin() + id, nodes_.begin() + gone.end);
  for (NodeId other = 0; other < nodes_.size(); ++other) {
    Node& node = nodes_[other];
    if (node.end > id) node.end -= count;
    if (node.parent != kNoNode && node.parent > id) node.parent -= count;
  }
  has_moved_placed_ = false;
  if (!gone.is(node_flag::placed)) erase_bytes(gone.from, gone.size());
}

void Tree::erase_bytes(std::uint32_t offset, std::uint32_t count) {
  has_moved_placed_ = false;
  const std::uint32_t end = offset + count;
  bytes_.erase(bytes_.begin() + offset, bytes_.begin() + end);
  NodeId placed_end = 0;
  const auto moved = [&](std::uint32_t at) { return at <= offset ? at : at >= end ? at - count : offset; };
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    Node& node = nodes_[id];
    if (node.is(node_flag::placed)) placed_end = std::max(placed_end, node.end);
    has_moved_placed_ |= id < placed_end && node.from > offset;
    node.from = moved(node.from);
    node.to = moved(node.to);
    // A number that lost some of its bytes is one no longer.
    if (node.is_number() &&
        node.size() != (node.kind == NodeKind::bits ? (node.shift + node.width + 7u) / 8 : node.width)) {
      node.kind = NodeKind::bytes;
    }
  }
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
