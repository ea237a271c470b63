#include "fuzz/mutate/editor.h"

#include <algorithm>

namespace sluice::mutate {

Editor::Editor(const Format& format)
    : format_(format),
      ties_(format.ties()),
      tie_due_(ties_.all().size()),
      site_due_(format.site_count()),
      type_due_(format.schema().types.size()),
      tie_left_(ties_.all().size()) {
  for (const Tie& t : ties_.all()) {
    if (t.kind == TieKind::position) positions_.push_back(t.id);
  }
}

void Editor::begin(Tree& tree, std::size_t max_size) {
  tree_ = &tree;
  max_size_ = std::max(max_size, tree.bytes().size());
  is_spoiled_ = false;
  has_changed_bytes_ = false;
  claims_.clear();
  ++begun_;
  pass_ += 2;  // past all that was marked before
}

void Editor::mark(TieId id) {
  const Tie& tie = ties_.all()[id];
  due_ = ties_due_ = tie_due_[id] = pass_ + 1;
  const bool is_of_type = tie.type != schema::kNoType;
  (is_of_type ? type_due_[tie.type] : site_due_[tie.site]) = pass_ + 1;
}

void Editor::touch(SiteId site) {
  for (const TieId id : ties_.readers(site)) mark(id);
  for (const TieId id : ties_.of_site(site)) mark(id);
  has_changed_bytes_ = true;
  ++num_edits_;
}

void Editor::touch_value(NodeId leaf) {
  has_changed_bytes_ = true;
  ++num_edits_;
  due_ = pass_ + 1;
  tree_->set_flag(leaf, node_flag::due);
  bool is_read_beside = false;
  for (const TieId id : ties_.readers((*tree_)[leaf].site)) {
    if (ties_.all()[id].is_local) {
      is_read_beside = true;
    } else {
      mark(id);
    }
  }
  const NodeId container = is_read_beside ? tree_->container_of(leaf) : kNoNode;
  if (container == kNoNode) return;
  tree_->set_flag(container, node_flag::due);
  for (NodeId c = container + 1; c < (*tree_)[container].end; c = (*tree_)[c].end) tree_->set_flag(c, node_flag::due);
}

void Editor::touch_everything() {
  for (const Tie& t : ties_.all()) mark(t.id);
  has_changed_bytes_ = true;
  ++num_edits_;
}

void Editor::bytes_came_or_went(NodeId region) {
  has_changed_bytes_ = true;
  ++num_edits_;
  due_ = pass_ + 1;
  for (const TieId id : ties_.stream_readers()) mark(id);
  if (tree_->has_moved_placed()) {
    for (const TieId id : positions_) mark(id);
  }
  for (NodeId id = region; id != kNoNode && id != 0; id = tree_->region_of(id)) {
    const Node& node = (*tree_)[id];
    for (const TieId tie : ties_.of_site(node.site)) mark(tie);
    if (node.is_leaf()) touch(node.site);
  }
}

bool Editor::set(NodeId id, Integer value) {
  const Node& node = (*tree_)[id];
  if (value < least_of(node) || value > most_of(node)) return false;
  if (tree_->integer(id) == value) return true;
  tree_->set_integer(id, value);
  touch_value(id);
  return true;
}

bool Editor::insert(NodeId parent, NodeId at, NodeId region, std::uint32_t offset, const Fragment& fragment) {
  if (fragment.bytes.size() > room() || tree_->size() + fragment.nodes.size() > kMostNodes) return false;
  if (offset > tree_->bytes().size()) return false;  // what was before it went together with something else
  tree_->insert(parent, at, region, offset, fragment.nodes, fragment.bytes);
  const auto count = static_cast<NodeId>(fragment.nodes.size());
  for (auto& [field, owner] : claims_) {
    if (field >= at) field += count;
    if (owner >= at) owner += count;
  }
  if (region >= at) region += count;
  touch((*tree_)[at].site);
  bytes_came_or_went(region);
  return true;
}

bool Editor::insert_bytes(NodeId region, std::uint32_t offset, std::span<const std::uint8_t> bytes) {
  if (bytes.size() > room() || offset > tree_->bytes().size()) return false;
  tree_->insert_bytes(region, offset, bytes);
  bytes_came_or_went(region);
  return true;
}

bool Editor::fill(NodeId region, std::uint32_t offset, std::uint64_t count, std::uint8_t filler) {
  if (count > room()) return false;
  filler_.assign(count, filler);
  return insert_bytes(region, offset, filler_);
}

void Editor::erase(NodeId id, NodeId end) {
  const NodeId parent = (*tree_)[id].parent;
  const NodeId count = end - id;
  const SiteId site = (*tree_)[id].site;
  tree_->erase(id, end);
  std::erase_if(claims_,
                [&](const auto& c) { return (c.first >= id && c.first < end) || (c.second >= id && c.second < end); });
  for (auto& [field, owner] : claims_) {
    if (field >= end) field -= count;
    if (owner >= end) owner -= count;
  }
  touch(site);
  bytes_came_or_went(parent);
}

void Editor::erase_bytes(NodeId region, std::uint32_t offset, std::uint32_t count) {
  tree_->erase_bytes(offset, count);
  bytes_came_or_went(region);
}

void Editor::cut(NodeId id, std::uint32_t count) {
  count = std::min(count, (*tree_)[id].size());
  tree_->erase_bytes((*tree_)[id].to - count, count);
  bytes_came_or_went(id);
}

void Editor::overwrite(NodeId id, std::uint32_t offset, std::span<const std::uint8_t> bytes) {
  tree_->overwrite(offset, bytes);
  touch_value(id);
}

void Editor::zero(std::uint32_t offset, std::uint32_t count) {
  filler_.assign(count, 0);
  tree_->overwrite(offset, filler_);
  has_changed_bytes_ = true;
  ++num_edits_;
}

void Editor::move(NodeId id, std::uint32_t to) {
  tree_->move(id, to);
  touch((*tree_)[id].site);
}

bool Editor::move_to_end(NodeId placed) {
  const NodeId region = tree_->region_of(placed);
  const Node node = (*tree_)[placed];
  const std::uint32_t end = (*tree_)[region].to;
  if (node.size() == 0 || node.to >= end) return false;
  tree_->rotate(node.from, node.to, end);
  bytes_came_or_went(region);
  return true;
}

bool Editor::claim(NodeId field, NodeId owner) {
  for (const auto& [claimed, by] : claims_) {
    if (claimed == field) return by == owner;
  }
  claims_.emplace_back(field, owner);
  return true;
}

}  // namespace sluice::mutate
