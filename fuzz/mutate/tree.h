// A content file as a tree of nodes over its bytes, to be edited and made whole again.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutate/format.h"
#include "fuzz/mutate/node.h"

namespace sluice::mutate {

// More than this many nodes are not made: the tree is then cut.
inline constexpr std::size_t kMostNodes = 100'000;
// Longer files are not read into trees.
inline constexpr std::size_t kLongestFile = 1u << 28;

// Bytes and nodes are owned; the Format is aliased and must outlive the tree.
class Tree {
 public:
  explicit Tree(const Format& format) : format_(&format) {}

  // Reads `bytes` by the schema, valid or not, every instance included. False if some of it could not be read: the tree
  // is then of what was, or empty (no node at all), and `stopped_at` says how far reading came.
  bool parse(std::span<const std::uint8_t> bytes);

  // Becomes what another part made: `nodes` are in pre-order, ranges inside `bytes`.
  void assume(std::span<const Node> nodes, std::span<const std::uint8_t> bytes);

  [[nodiscard]] const Format& format() const { return *format_; }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
  [[nodiscard]] bool is_empty() const { return nodes_.empty(); }
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  [[nodiscard]] std::uint32_t stopped_at() const { return stopped_at_; }

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] const Node& operator[](NodeId id) const { return nodes_[id]; }
  [[nodiscard]] std::span<const Node> nodes() const { return nodes_; }

  // kNoNode: there is none.
  [[nodiscard]] NodeId first_child(NodeId id) const { return nodes_[id].end > id + 1 ? id + 1 : kNoNode; }
  [[nodiscard]] NodeId next_sibling(NodeId id) const {
    const NodeId up = nodes_[id].parent;
    return up != kNoNode && nodes_[id].end < nodes_[up].end ? nodes_[id].end : kNoNode;
  }
  // The child of a structure that is this member of it.
  [[nodiscard]] NodeId child_of(NodeId structure, SiteId site) const {
    // Where nothing before it has children and nothing is missing it stands in the order of the schema.
    const Node& node = nodes_[structure];
    const NodeId next = structure + 1;
    if (next >= node.end) return kNoNode;
    const NodeId guess = next + (site - nodes_[next].site);
    if (guess < node.end && nodes_[guess].site == site && nodes_[guess].parent == structure) return guess;
    for (NodeId c = next; c < node.end; c = nodes_[c].end) {
      if (nodes_[c].site == site) return c;
    }
    return kNoNode;
  }
  // The n-th element of an array.
  [[nodiscard]] NodeId element_of(NodeId array, std::uint64_t n) const;
  [[nodiscard]] std::uint32_t count_of(NodeId array) const;
  // The structure that a node is in, arrays skipped.
  [[nodiscard]] NodeId container_of(NodeId id) const;
  [[nodiscard]] bool is_ancestor(NodeId above, NodeId below) const {
    return above <= below && below < nodes_[above].end;
  }

  // Of an integer or bits. `set_integer` keeps the low bits of what does not fit and tells so by false.
  // `bits_of` is the number's low 64 bits, its sign extended.
  [[nodiscard]] std::uint64_t bits_of(NodeId id) const;
  [[nodiscard]] Integer integer(NodeId id) const;
  bool set_integer(NodeId id, Integer value);

  // Edits of the shape. Bytes at and after an edit move, and all nodes know where they are then; what fields say of
  // positions, sizes and counts is for `repair` (repair.h). All take node numbers of the tree as it is before the edit.

  // Puts `nodes` (a subtree or several, one after the other; numbers and ranges from 0) before node `at`, as children
  // of `parent`; the bytes go to `offset`. `region` is the innermost node that reaches over the new bytes: the parent,
  // unless the subtree is placed. Elements behind it in an array are renumbered.
  void insert(NodeId parent, NodeId at, NodeId region, std::uint32_t offset, std::span<const Node> nodes,
              std::span<const std::uint8_t> bytes);
  // Puts bytes at `offset`, inside `region`.
  void insert_bytes(NodeId region, std::uint32_t offset, std::span<const std::uint8_t> bytes);
  // Takes subtrees away, one or siblings up to node `end`, and their bytes, unless they are placed.
  void erase(NodeId id, NodeId end);
  // Takes bytes away; nodes shrink, none goes.
  void erase_bytes(std::uint32_t offset, std::uint32_t count);
  void overwrite(std::uint32_t offset, std::span<const std::uint8_t> bytes);
  // Puts the bytes [from, to) behind those up to `end`, and with them what lies in either.
  void rotate(std::uint32_t from, std::uint32_t to, std::uint32_t end);
  // Moves a placed subtree, not the bytes that it is of.
  void move(NodeId id, std::uint32_t to);
  void set_range(NodeId id, std::uint32_t from, std::uint32_t to) {
    nodes_[id].from = from;
    nodes_[id].to = to;
  }
  // Of what is placed: what the last edit of the shape moved.
  [[nodiscard]] std::span<const NodeId> moved_placed() const { return moved_placed_; }

  void set_flag(NodeId id, std::uint16_t flag) {
    nodes_[id].flags |= flag;
    has_flags_ = true;
  }
  void clear_flag(NodeId id, std::uint16_t flag) { nodes_[id].flags &= static_cast<std::uint16_t>(~flag); }
  void clear_flags(std::uint16_t flags);
  void pin(NodeId id) {
    nodes_[id].flags |= node_flag::pinned;
    has_pins_ = true;
  }
  // All that there are.
  void clear_pins(std::span<const NodeId> pins) {
    for (const NodeId id : pins) clear_flag(id, node_flag::pinned);
    has_pins_ = false;
  }
  // Whether `pin` or `set_flag` was used since they were cleared.
  [[nodiscard]] bool has_pins() const { return has_pins_; }
  [[nodiscard]] bool has_flags() const { return has_flags_; }

  // The innermost node whose bytes a node lies in: its parent or, for what is placed, the structure whose stream it is
  // read from.
  [[nodiscard]] NodeId region_of(NodeId id) const;

 private:
  friend class TreeReader;

  struct Gap {
    std::uint32_t offset;
    std::uint32_t count;
    NodeId pivot;  // of other nodes at the offset those from here on come behind it
    // Nodes before `begin` lie before it, those from `rest` on behind it, but for what grows and what is placed.
    NodeId begin;
    NodeId rest;
    NodeId placed_end = 0;
  };
  // `by` nodes came, or went if it is negative: those from `from` on have other numbers.
  struct Renumbering {
    NodeId from = 0;
    std::int32_t by = 0;
  };
  void open_gap(NodeId region, Gap& gap);
  void widen(Gap& gap, NodeId id);
  void widen_rest(Gap& gap, NodeId id, NodeId size, const Renumbering& renumbering);
  void note_moved(NodeId placed);
  void widen_some(Gap& gap, NodeId end);
  void grow_marked(std::uint32_t count);
  void close_gap(std::uint32_t offset, std::uint32_t count, NodeId begin, const Renumbering& renumbering);
  void find_placed();

  const Format* format_;
  std::vector<std::uint8_t> bytes_;
  std::vector<Node> nodes_;
  bool is_whole_ = false;
  std::uint32_t stopped_at_ = 0;
  bool has_flags_ = false;
  bool has_pins_ = false;
  std::vector<NodeId> placed_;        // ascending
  std::vector<NodeId> moved_placed_;  // by the last edit
  std::vector<NodeId> growing_;
};

// The path of a node as findings write it: `instances[1].criteria[20].input`.
[[nodiscard]] std::string path_of(const Tree& tree, NodeId id);
// One line a node: range, path, value.
[[nodiscard]] std::string print(const Tree& tree);

}  // namespace sluice::mutate
