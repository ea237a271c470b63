// Edits of a tree that remember what they may have put out of order.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "fuzz/mutate/minimal.h"
#include "fuzz/mutate/tie.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

// One editor serves many trees of one format, one after the other, and allocates nothing once it is warm.
class Editor {
 public:
  explicit Editor(const Format& format);
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  // `tree` is aliased until the next `begin`. It is never made longer than `max_size`.
  void begin(Tree& tree, std::size_t max_size);

  [[nodiscard]] Tree& tree() { return *tree_; }
  [[nodiscard]] const Tree& tree() const { return *tree_; }
  [[nodiscard]] const Format& format() const { return format_; }
  [[nodiscard]] const Ties& ties() const { return ties_; }
  [[nodiscard]] std::size_t room() const { return max_size_ - tree_->bytes().size(); }

  // False: the value does not fit, and nothing is changed.
  bool set(NodeId id, Integer value);
  // False: there is no room, or too many nodes; nothing is changed. The subtree comes to stand at `at`.
  bool insert(NodeId parent, NodeId at, NodeId region, std::uint32_t offset, const Fragment& fragment);
  bool insert_bytes(NodeId region, std::uint32_t offset, std::span<const std::uint8_t> bytes);
  // `count` bytes of `filler`.
  bool fill(NodeId region, std::uint32_t offset, std::uint64_t count, std::uint8_t filler);
  void erase(NodeId id) { erase(id, (*tree_)[id].end); }
  // Elements of an array, up to node `end`.
  void erase(NodeId id, NodeId end);
  // Takes away a subtree and what is placed of it, with its bytes where nothing else lies.
  void release(NodeId id);
  // From the end of a node.
  void cut(NodeId id, std::uint32_t count);
  void erase_bytes(NodeId region, std::uint32_t offset, std::uint32_t count);

  // Copies a subtree of this or another tree of the format to before `at`. What is placed in it goes to the end of the
  // region that it is read from; within one tree the copy refers to the same bytes instead. False: no room.
  bool graft(const Tree& from, NodeId source, NodeId parent, NodeId at, std::uint32_t offset);
  // Puts copies of an element behind it that refer to what it refers to, as many as there is room for. Returns how
  // many.
  std::uint32_t repeat(NodeId element, std::uint32_t times);
  // Moves an element of an array to before the element `at` of it, or to its end.
  void move_element(NodeId element, NodeId at);
  void overwrite(NodeId id, std::uint32_t offset, std::span<const std::uint8_t> bytes);
  void move(NodeId id, std::uint32_t to);
  // Takes what is placed to the end of its region, with its bytes. False: it is there.
  bool move_to_end(NodeId placed);
  // Bytes become zeros whatever they mean; only checksums are repaired for it.
  void zero(std::uint32_t offset, std::uint32_t count);
  void pin(NodeId id) {
    ++num_edits_;
    tree_->set_flag(id, node_flag::pinned);
  }
  // Something of the member changed: a value, a count, whether it is there.
  void touch(SiteId site);
  // The value of a leaf changed.
  void touch_value(NodeId leaf);
  void touch_everything();

  // The tie stays as it is in this repair, right or wrong.
  void leave(TieId tie) { tie_left_[tie] = begun_; }
  [[nodiscard]] bool is_left(TieId tie) const { return tie_left_[tie] == begun_; }

  // The tree is no longer what its bytes would be read as: a count was changed without what it counts.
  void spoil() { is_spoiled_ = true; }
  [[nodiscard]] bool is_spoiled() const { return is_spoiled_; }

  // What is out of order. Passes count up; a tie is due in a pass if it was marked in it or in the one before.
  void next_pass() { ++pass_; }
  void put_off(TieId tie) { mark(tie); }
  [[nodiscard]] bool is_anything_due() const { return due_ >= pass_; }
  // Whether it is anything but single nodes.
  [[nodiscard]] bool is_any_tie_due() const { return ties_due_ >= pass_; }
  [[nodiscard]] bool is_due(TieId tie) const { return tie_due_[tie] >= pass_; }
  [[nodiscard]] bool is_site_due(SiteId site) const { return site_due_[site] >= pass_; }
  [[nodiscard]] bool is_type_due(schema::TypeId type) const { return type_due_[type] >= pass_; }
  // Grows with everything that is edited, and never shrinks.
  [[nodiscard]] std::uint64_t num_edits() const { return num_edits_; }
  [[nodiscard]] bool has_changed_bytes() const { return has_changed_bytes_; }

  // A field that was computed from `owner` is not to be computed from another node in the same repair.
  [[nodiscard]] bool claim(NodeId field, NodeId owner);

 private:
  void mark(TieId tie);
  void take_out(const Tree& from, NodeId source, bool with_placed, Fragment& out);
  void refer_as(NodeId original, NodeId copy);
  bool graft_part(const Tree& from, NodeId source, NodeId parent, NodeId at, NodeId region, std::uint32_t offset);
  void bytes_came_or_went(NodeId region);

  const Format& format_;
  const Ties& ties_;
  Tree* tree_ = nullptr;
  std::size_t max_size_ = 0;
  bool is_spoiled_ = false;
  bool has_changed_bytes_ = false;
  std::uint64_t num_edits_ = 0;
  std::uint64_t pass_ = 1;
  std::uint64_t due_ = 0;
  std::uint64_t ties_due_ = 0;
  std::uint64_t begun_ = 0;
  std::vector<std::uint64_t> tie_due_, site_due_, type_due_, tie_left_;
  std::vector<TieId> positions_;
  std::vector<std::pair<NodeId, NodeId>> claims_;
  std::vector<std::uint8_t> filler_;
  Fragment graft_;
  std::vector<NodeId> kept_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges_;
};

}  // namespace sluice::mutate
