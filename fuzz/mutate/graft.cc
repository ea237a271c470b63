// Subtrees copied, moved and taken away whole.
#include <algorithm>

#include "fuzz/mutate/editor.h"
#include "fuzz/mutate/formula.h"

namespace sluice::mutate {

// Subtrees that are siblings, as a fragment. What is placed in them has no bytes there: it is left out, or has empty
// ranges for now.
void Editor::take_out(const Tree& from, NodeId source, NodeId end, bool with_placed, Fragment& out) {
  const std::uint32_t begin = from[source].from;
  std::uint32_t to = begin;
  for (NodeId c = source; c < end; c = from[c].end) to = from[c].to;
  taken_.clear();
  if (&from == tree_) {
    for (auto due = std::ranges::lower_bound(due_, source, {}, &Due::node); due != due_.end() && due->node < end;
         ++due) {
      if (due->ties != 0) taken_.push_back({due->node - source, due->ties});
    }
  }
  out.clear();
  out.bytes.assign(from.bytes().begin() + begin, from.bytes().begin() + to);
  kept_.clear();
  NodeId placed_end = source;
  for (NodeId id = source; id < end; ++id) {
    const Node& node = from[id];
    kept_.push_back(static_cast<NodeId>(out.nodes.size()));
    if (id != source && node.is(node_flag::placed)) placed_end = std::max(placed_end, node.end);
    const bool is_elsewhere = id < placed_end;
    if (is_elsewhere && !with_placed) continue;
    Node copy = node;
    copy.from = is_elsewhere ? 0 : node.from - begin;
    copy.to = is_elsewhere ? 0 : node.to - begin;
    out.nodes.push_back(copy);
  }
  kept_.push_back(static_cast<NodeId>(out.nodes.size()));
  for (Node& node : out.nodes) {
    node.end = kept_[node.end - source];
    node.parent = node.parent == kNoNode || node.parent < source ? kNoNode : kept_[node.parent - source];
  }
}

bool Editor::graft(const Tree& from, NodeId source, NodeId parent, NodeId at, std::uint32_t offset) {
  if (&from != tree_) return graft_part(from, source, parent, at, parent, offset);
  take_out(from, source, from[source].end, true, graft_);
  const NodeId count = static_cast<NodeId>(graft_.nodes.size());
  if (!insert(parent, at, parent, offset, graft_)) return false;
  mark_taken(at);
  refer_as(source >= at ? source + count : source, at);
  return true;
}

// What is placed in the copy lies where it lies in the original.
void Editor::refer_as(NodeId original, NodeId copy) {
  NodeId placed_end = 0;
  for (NodeId id = original + 1; id < (*tree_)[original].end; ++id) {
    const Node& node = (*tree_)[id];
    if (node.is(node_flag::placed)) placed_end = std::max(placed_end, node.end);
    if (id < placed_end) tree_->set_range(copy + (id - original), node.from, node.to);
  }
}

std::uint32_t Editor::repeat(NodeId element, NodeId end, NodeId at, std::uint32_t times) {
  take_out(*tree_, element, end, true, graft_);
  const auto count = static_cast<NodeId>(graft_.nodes.size());
  const auto size = static_cast<std::uint32_t>(graft_.bytes.size());
  const std::size_t fit = std::min((kMostNodes - std::min(kMostNodes, tree_->size())) / count,
                                   size == 0 ? std::size_t{times} : room() / size);
  times = static_cast<std::uint32_t>(std::min<std::size_t>(times, fit));
  if (times == 0) return 0;
  graft_.repeat(times);
  const NodeId array = (*tree_)[element].parent;
  const std::uint32_t offset = at < (*tree_)[array].end ? (*tree_)[at].from : (*tree_)[array].to;
  if (!insert(array, at, array, offset, graft_)) return 0;
  if (element >= at) {
    element += times * count;
    end += times * count;
  }
  for (std::uint32_t i = 0; i < times; ++i) {
    NodeId copy = at + i * count;
    mark_taken(copy);
    for (NodeId c = element; c < end; c = (*tree_)[c].end) {
      refer_as(c, copy);
      copy = (*tree_)[copy].end;
    }
  }
  return times;
}

bool Editor::graft_part(const Tree& from, NodeId source, NodeId parent, NodeId at, NodeId region,
                        std::uint32_t offset) {
  take_out(from, source, from[source].end, false, graft_);
  // Where each structure of the source comes to stand, last first, so that what is added later moves none of them.
  std::vector<std::pair<NodeId, NodeId>> placed;
  for (NodeId id = source + 1; id < from[source].end; ++id) {
    if (!from[id].is(node_flag::placed)) continue;
    placed.emplace_back(id, at + kept_[from.container_of(id) - source]);
    id = from[id].end - 1;
  }
  if (!insert(parent, at, region, offset, graft_)) return false;
  std::ranges::reverse(placed);
  for (const auto& [part, container] : placed) {
    const SiteId site = from[part].site;
    NodeId before = container + 1;
    while (before < (*tree_)[container].end && (*tree_)[before].site < site) before = (*tree_)[before].end;
    const SiteFormulas& f = ties_.formulas(site);
    NodeId stream = Evaluator(*tree_).stream_of(container);
    if (f.io) {
      const Computed io = Evaluator(*tree_).compute(f.io, f.io.whole(), {.self = container});
      stream = io.kind == Computed::Kind::stream ? io.node : kNoNode;
    }
    if (stream == kNoNode) continue;
    if (!graft_part(from, part, container, before, stream, (*tree_)[stream].to)) return false;
  }
  return true;
}

void Editor::move_element(NodeId element, NodeId at) {
  const NodeId array = (*tree_)[element].parent;
  const NodeId end = (*tree_)[element].end;
  if (at >= element && at <= end) return;
  const std::uint32_t gone_from = (*tree_)[element].from;
  const std::uint32_t size = (*tree_)[element].size();
  const std::uint32_t to = at < (*tree_)[array].end ? (*tree_)[at].from : (*tree_)[array].to;
  take_out(*tree_, element, end, true, graft_);
  ranges_.clear();
  for (NodeId id = element; id < end; ++id) ranges_.emplace_back((*tree_)[id].from, (*tree_)[id].to);
  erase(element);
  const NodeId then = at > element ? at - (end - element) : at;
  const std::uint32_t offset = to > gone_from ? to - size : to;
  if (!insert(array, then, array, offset, graft_)) return;
  mark_taken(then);
  // Placed parts stay where they were, wherever the bytes between went.
  const auto moved = [&](std::uint32_t place) {
    if (place >= gone_from + size) place -= size;
    if (place >= offset) place += size;
    return place;
  };
  NodeId placed_end = 0;
  for (NodeId i = 1; i < ranges_.size(); ++i) {
    const Node& node = (*tree_)[then + i];
    if (node.is(node_flag::placed)) placed_end = std::max(placed_end, node.end);
    if (then + i < placed_end) tree_->set_range(then + i, moved(ranges_[i].first), moved(ranges_[i].second));
  }
}

void Editor::release(NodeId id) {
  // What is placed in it, the last first.
  for (NodeId n = (*tree_)[id].end; n-- > id + 1;) {
    if (n < (*tree_)[id].end && (*tree_)[n].is(node_flag::placed)) release(n);
  }
  const Node gone = (*tree_)[id];
  const NodeId region = tree_->region_of(id);
  erase(id);
  if (!gone.is(node_flag::placed) || gone.size() == 0) return;
  for (const Node& other : tree_->nodes()) {
    if (other.from >= gone.to || gone.from >= other.to) continue;
    const bool holds_it = other.from <= gone.from && gone.to <= other.to;
    if (other.is_leaf() || other.is(node_flag::placed) || !holds_it) return;
  }
  erase_bytes(region > id ? region - (gone.end - id) : region, gone.from, gone.size());
}

}  // namespace sluice::mutate
