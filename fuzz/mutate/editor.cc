#include "fuzz/mutate/editor.h"

#include <algorithm>

namespace sluice::mutate {

namespace {

// Of the structures that the tie is of, or that its member is in.
schema::TypeId type_of(const Format& format, const Tie& tie) {
  return tie.type != schema::kNoType ? tie.type : format.site(tie.site).owner;
}

std::uint32_t bit_of(const Tie& tie) { return (tie.type != schema::kNoType ? 0x10000u : 1u) << tie.bit; }

}  // namespace

Editor::Editor(const Format& format)
    : format_(format),
      ties_(format.ties()),
      tie_left_(ties_.all().size()),
      due_at_site_(format.site_count()),
      due_of_type_(format.schema().types.size()),
      holds_due_(format.schema().types.size()) {}

void Editor::begin(Tree& tree, std::size_t max_size) {
  tree_ = &tree;
  max_size_ = std::max(max_size, tree.bytes().size());
  is_spoiled_ = false;
  has_changed_bytes_ = false;
  has_changed_shape_ = false;
  claims_.clear();
  due_.clear();
  everywhere_.clear();
  pins_.clear();
  is_clean_ = !tree.has_pins() && !tree.has_flags();
  next_ = 0;
  at_ = 0;
  ++begun_;
  ++num_edits_;
}

// --- What is due
// -------------------------------------------------------------------------------------------------------

void Editor::mark(NodeId node, std::uint32_t ties) {
  auto at = due_.end();
  if (!due_.empty() && due_.back().node >= node) at = std::ranges::lower_bound(due_, node, {}, &Due::node);
  if (at != due_.end() && at->node == node) {
    at->ties |= ties;
  } else {
    due_.insert(at, {node, ties});
  }
}

// The elements of an array are of the same member.
void Editor::mark_with_elements(NodeId node, const Tie& tie) {
  mark(node, bit_of(tie));
  const bool is_of_each = tie.kind != TieKind::count && tie.kind != TieKind::position;
  if (!is_of_each || (*tree_)[node].kind != NodeKind::array) return;
  for (NodeId c = node + 1; c < (*tree_)[node].end; c = (*tree_)[c].end) mark(c, bit_of(tie));
}

void Editor::put_off(NodeId node, const Tie& tie) { mark(node, bit_of(tie)); }

void Editor::put_off(TieId id) {
  const Tie& tie = ties_.all()[id];
  if (tie.type == schema::kNoType && !ties_.way_to(tie.site).empty()) {
    NodeId node = 0;
    for (const SiteId site : ties_.way_to(tie.site)) {
      node = tree_->child_of(node, site);
      if (node == kNoNode) return;
    }
    mark_with_elements(node, tie);
  } else if (std::ranges::find(everywhere_, id) == everywhere_.end()) {
    everywhere_.push_back(id);
  }
}

// Nodes in their order; the inside of a structure only where `holds` its type.
template <typename Holds, typename Visit>
void Editor::visit(NodeId from, NodeId end, const Holds& holds, const Visit& visit) const {
  while (from < end) {
    const Node& node = (*tree_)[from];
    visit(from, node);
    from = node.kind == NodeKind::structure && !holds(node.type) ? node.end : from + 1;
  }
}

void Editor::mark_all() {
  for (schema::TypeId type = 0; type < holds_due_.size(); ++type) {
    holds_due_[type] = std::ranges::any_of(
        everywhere_, [&](TieId id) { return ties_.holds(type, type_of(format_, ties_.all()[id])); });
  }
  for (const TieId id : everywhere_) {
    const Tie& tie = ties_.all()[id];
    (tie.type != schema::kNoType ? due_of_type_[tie.type] : due_at_site_[tie.site]) |= bit_of(tie);
  }
  const auto holds = [&](schema::TypeId type) { return holds_due_[type]; };
  visit(0, static_cast<NodeId>(tree_->size()), holds, [&](NodeId id, const Node& node) {
    std::uint32_t ties = node.site != kNoSite ? due_at_site_[node.site] : 0;
    if (node.kind == NodeKind::structure) ties |= due_of_type_[node.type];
    if (ties != 0) mark(id, ties);
  });
  for (const TieId id : everywhere_) {
    const Tie& tie = ties_.all()[id];
    (tie.type != schema::kNoType ? due_of_type_[tie.type] : due_at_site_[tie.site]) = 0;
  }
  everywhere_.clear();
}

bool Editor::begin_pass() {
  next_ = 0;
  at_ = 0;
  std::erase_if(due_, [](const Due& due) { return due.ties == 0; });
  return !due_.empty() || !everywhere_.empty();
}

Editor::Due Editor::next_due() {
  if (!everywhere_.empty()) mark_all();
  // Mostly where the pass went on last.
  const std::size_t size = due_.size();
  const bool is_it =
      at_ <= size && (at_ == 0 || due_[at_ - 1].node < next_) && (at_ == size || due_[at_].node >= next_);
  if (!is_it) at_ = static_cast<std::size_t>(std::ranges::lower_bound(due_, next_, {}, &Due::node) - due_.begin());
  while (at_ < size && due_[at_].ties == 0) ++at_;
  if (at_ == size) return {};
  const Due due = due_[at_];
  due_[at_++].ties = 0;
  next_ = due.node + 1;
  return due;
}

bool Editor::is_due_behind() const {
  return std::ranges::any_of(due_, [&](const Due& due) { return due.node < next_ && due.ties != 0; });
}

// A member of `container` changed: its value, its count, whether it is there.
void Editor::tell_readers(NodeId container, SiteId site) {
  for (const Reader& reader : ties_.readers(site)) {
    const Tie& tie = ties_.all()[reader.tie];
    if (container == kNoNode || reader.place == Reader::Place::anywhere) {
      put_off(tie.id);
    } else if (reader.place == Reader::Place::around) {
      const schema::TypeId type = type_of(format_, tie);
      for (NodeId up = container; up != kNoNode; up = (*tree_)[up].parent) {
        if ((*tree_)[up].kind != NodeKind::structure || (*tree_)[up].type != type) continue;
        const NodeId node = tie.type != schema::kNoType ? up : tree_->child_of(up, tie.site);
        if (node != kNoNode) mark_with_elements(node, tie);
      }
    } else {
      const auto holds = [&](schema::TypeId type) { return ties_.holds(type, type_of(format_, tie)); };
      visit(container + 1, (*tree_)[container].end, holds, [&](NodeId id, const Node& node) {
        const bool is_it = tie.type != schema::kNoType ? node.kind == NodeKind::structure && node.type == tie.type
                                                       : node.site == tie.site;
        if (is_it) mark(id, bit_of(tie));
      });
    }
  }
}

void Editor::touch(SiteId site) {
  for (const Reader& reader : ties_.readers(site)) put_off(reader.tie);
  for (const TieId id : ties_.of_site(site)) put_off(id);
  has_changed_bytes_ = true;
  ++num_edits_;
}

void Editor::touch_value(NodeId leaf, std::uint32_t ties) {
  has_changed_bytes_ = true;
  ++num_edits_;
  if (ties != 0) mark(leaf, ties);
  tell_readers(tree_->container_of(leaf), (*tree_)[leaf].site);
}

void Editor::touch_everything() {
  for (NodeId id = 0; id < tree_->size(); ++id) mark(id, kSiteTies | kTypeTies);
  has_changed_bytes_ = true;
  ++num_edits_;
}

void Editor::bytes_came_or_went(NodeId region) {
  has_changed_bytes_ = true;
  ++num_edits_;
  for (const TieId id : ties_.stream_readers()) put_off(id);
  for (const NodeId placed : tree_->moved_placed()) {
    for (const TieId id : ties_.of_site((*tree_)[placed].site)) {
      if (ties_.all()[id].kind == TieKind::position) mark(placed, bit_of(ties_.all()[id]));
    }
  }
  for (NodeId id = region; id != kNoNode && id != 0; id = tree_->region_of(id)) {
    if ((*tree_)[id].is_leaf()) {
      touch_value(id);
    } else {
      mark(id, kSiteTies);
    }
  }
}

void Editor::members_came_or_went(NodeId parent, SiteId site) {
  ++num_edits_;
  has_changed_shape_ = true;
  const bool is_array = (*tree_)[parent].kind == NodeKind::array;
  if (is_array) {
    mark(parent, kSiteTies);
    for (const TieId id : ties_.index_readers(site)) put_off(id);
  }
  tell_readers(is_array ? tree_->container_of(parent) : parent, site);
}

// Nodes that were put in.
void Editor::take_in(NodeId at, NodeId end) {
  for (NodeId id = at; id < end; ++id) {
    const Node& node = (*tree_)[id];
    if (node.is(node_flag::fresh) || node.parent < at) mark(id, kSiteTies | kTypeTies);
    tree_->clear_flag(id, node_flag::fresh);
    if (node.is(node_flag::pinned)) pins_.push_back(id);
  }
}

// A copy is as far from being in order as the original.
void Editor::mark_taken(NodeId at) {
  for (const Due& due : taken_) mark(at + due.node, due.ties);
}

// `count` nodes came to stand before node `from`.
void Editor::renumber(NodeId from, NodeId count) {
  const auto move = [&](NodeId& id) { id += count & -static_cast<NodeId>(id >= from); };
  for (auto& [field, owner] : claims_) {
    move(field);
    if (owner != kNoNode) move(owner);
  }
  for (NodeId& id : pins_) move(id);
  for (auto at = std::ranges::lower_bound(due_, from, {}, &Due::node); at != due_.end(); ++at) at->node += count;
  if (next_ > from) next_ += count;
}

void Editor::take_pins_away() {
  if (is_clean_ && !tree_->has_flags()) {
    tree_->clear_pins(pins_);
  } else {
    tree_->clear_flags(node_flag::fresh | node_flag::pinned);
  }
  pins_.clear();
}

// --- Edits
// -------------------------------------------------------------------------------------------------------------

bool Editor::set(NodeId id, Integer value, std::uint32_t ties) {
  const Node& node = (*tree_)[id];
  if (!fits(node, value)) return false;
  if (tree_->integer(id) == value) return true;
  tree_->set_integer(id, value);
  touch_value(id, ties);
  return true;
}

bool Editor::insert(NodeId parent, NodeId at, NodeId region, std::uint32_t offset, const Fragment& fragment) {
  if (!has_room(fragment)) return false;
  if (offset > tree_->bytes().size()) return false;  // what was before it went together with something else
  tree_->insert(parent, at, region, offset, fragment.nodes, fragment.bytes);
  const auto count = static_cast<NodeId>(fragment.nodes.size());
  renumber(at, count);
  if (region >= at) region += count;
  members_came_or_went(parent, (*tree_)[at].site);
  take_in(at, at + count);
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
  const auto is_gone = [&](NodeId node) { return node >= id && node < end; };
  std::erase_if(claims_, [&](const auto& c) { return is_gone(c.first) || is_gone(c.second); });
  for (auto& [field, owner] : claims_) {
    if (field >= end) field -= count;
    if (owner >= end && owner != kNoNode) owner -= count;
  }
  std::erase_if(pins_, is_gone);
  for (NodeId& pin : pins_) {
    if (pin >= end) pin -= count;
  }
  const auto first = std::ranges::lower_bound(due_, id, {}, &Due::node);
  auto last = first;
  while (last != due_.end() && last->node < end) ++last;
  for (auto at = due_.erase(first, last); at != due_.end(); ++at) at->node -= count;
  if (next_ > id) next_ = std::max(id, next_ - std::min(next_, count));
  members_came_or_went(parent, site);
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
  has_changed_bytes_ = true;
  ++num_edits_;
  mark(id, kSiteTies);
  tell_readers(tree_->container_of(id), (*tree_)[id].site);
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
