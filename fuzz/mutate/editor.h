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
  static constexpr std::uint32_t kSiteTies = 0xFFFF;      // of the node's member, by Tie::bit
  static constexpr std::uint32_t kTypeTies = 0xFFFF0000;  // of its type

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

  // For the fragment, `count` times.
  [[nodiscard]] bool has_room(const Fragment& fragment, std::size_t count = 1) const {
    return fragment.bytes.size() * count <= room() && tree_->size() + fragment.nodes.size() * count <= kMostNodes;
  }

  // False: the value does not fit, and nothing is changed.
  // `ties`: of the field's own, which are to be looked at; whoever sets it because of one knows that this holds.
  bool set(NodeId id, Integer value, std::uint32_t ties = kSiteTies);
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
  // Puts copies of elements of an array, one or those up to node `end`, before the element `at` of it or to its end, as
  // often as there is room for. They refer to what the originals refer to. Returns how often.
  std::uint32_t repeat(NodeId element, NodeId end, NodeId at, std::uint32_t times);
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
    tree_->pin(id);
    pins_.push_back(id);
  }
  // And what others have flagged.
  void take_pins_away();
  // Something of the member changed: a value, a count, whether it is there.
  void touch(SiteId site);
  // The value of a leaf changed.
  void touch_value(NodeId leaf, std::uint32_t ties = kSiteTies);
  void touch_everything();

  // The tie stays as it is in this repair, right or wrong.
  void leave(TieId tie) { tie_left_[tie] = begun_; }
  [[nodiscard]] bool is_left(TieId tie) const { return tie_left_[tie] == begun_; }

  // The tree is no longer what its bytes would be read as: a count was changed without what it counts.
  void spoil() { is_spoiled_ = true; }
  [[nodiscard]] bool is_spoiled() const { return is_spoiled_; }

  // What is to be looked at: nodes, each with the ties that may have ceased to hold. A pass goes through the tree once;
  // what comes to be due behind it is for the next one.
  struct Due {
    NodeId node = kNoNode;
    std::uint32_t ties = 0;
  };
  // False: nothing is due.
  [[nodiscard]] bool begin_pass();
  // No node: the pass is over.
  [[nodiscard]] Due next_due();
  // Whether anything is left to the next pass.
  [[nodiscard]] bool is_due_behind() const;
  void put_off(NodeId node, const Tie& tie);
  // Wherever it is in the file.
  void put_off(TieId tie);
  // Grows with everything that is edited, and never shrinks.
  [[nodiscard]] std::uint64_t num_edits() const { return num_edits_; }
  [[nodiscard]] bool has_changed_bytes() const { return has_changed_bytes_; }
  // Whether nodes came or went.
  [[nodiscard]] bool has_changed_shape() const { return has_changed_shape_; }

  // A field that was computed from `owner` is not to be computed from another node in the same repair.
  [[nodiscard]] bool claim(NodeId field, NodeId owner);

 private:
  void mark(NodeId node, std::uint32_t ties);
  void mark_with_elements(NodeId node, const Tie& tie);
  void mark_all();
  template <typename Holds, typename Visit>
  void visit(NodeId from, NodeId end, const Holds& holds, const Visit& visit) const;
  void tell_readers(NodeId container, SiteId site);
  void members_came_or_went(NodeId parent, SiteId site);
  void take_in(NodeId at, NodeId end);
  void mark_taken(NodeId at);
  void renumber(NodeId from, NodeId count);
  void take_out(const Tree& from, NodeId source, NodeId end, bool with_placed, Fragment& out);
  void refer_as(NodeId original, NodeId copy);
  bool graft_part(const Tree& from, NodeId source, NodeId parent, NodeId at, NodeId region, std::uint32_t offset);
  void bytes_came_or_went(NodeId region);

  const Format& format_;
  const Ties& ties_;
  Tree* tree_ = nullptr;
  std::size_t max_size_ = 0;
  bool is_spoiled_ = false;
  bool has_changed_bytes_ = false;
  bool has_changed_shape_ = false;
  std::uint64_t num_edits_ = 0;
  std::uint64_t begun_ = 0;
  std::vector<std::uint64_t> tie_left_;
  std::vector<Due> due_;                                  // ascending
  NodeId next_ = 0;                                       // where the pass goes on: the node, ..
  std::size_t at_ = 0;                                    // .. and most times its place in `due_`
  std::vector<TieId> everywhere_;                         // due in all of the tree
  std::vector<std::uint32_t> due_at_site_, due_of_type_;  // while they are looked for
  std::vector<bool> holds_due_;                           // by type
  std::vector<NodeId> pins_;
  bool is_clean_ = false;   // the tree had no flags before
  std::vector<Due> taken_;  // in what was taken out, counted from its first node
  std::vector<std::pair<NodeId, NodeId>> claims_;
  std::vector<std::uint8_t> filler_;
  Fragment graft_;
  std::vector<NodeId> kept_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges_;
};

}  // namespace sluice::mutate
