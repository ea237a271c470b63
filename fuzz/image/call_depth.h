// How much stack the functions of an image take together: the deepest chain of calls from each.
#pragma once

#include <cstdint>
#include <vector>

namespace sluice::image {

// A call, or a jump to another function, which takes the place of its own.
struct CallEdge {
  std::uint32_t to;        // an index
  std::uint32_t in_front;  // bytes of stack in use when the other begins, beyond what was when this one did
};

struct CallNode {
  std::uint32_t frame = 0;  // bytes that it takes at most by itself
  std::vector<CallEdge> calls{};
};

struct Chain {
  std::uint64_t size = 0;                  // bytes; meaningless where is_recursive
  bool is_recursive = false;               // something in it calls itself, with a frame of its own each time
  std::vector<std::uint32_t> functions{};  // from the first on; where recursive, the last is one that was there before
};

class CallDepth {
 public:
  // Every `to` is an index of `nodes`. Takes time and memory as nodes and calls are many.
  explicit CallDepth(std::vector<CallNode> nodes);
  [[nodiscard]] Chain deepest(std::uint32_t from) const;

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  void find_groups();
  void close_group(std::uint32_t root);
  void measure(std::uint32_t group);
  [[nodiscard]] bool leads_to_recursion(std::uint32_t node) const { return is_recursive_[group_[node]] != 0; }
  void follow_recursion(std::uint32_t from, Chain& chain) const;

  std::vector<CallNode> nodes_;
  std::vector<std::uint32_t> group_;                 // of a node: nodes that call each other are one
  std::vector<std::vector<std::uint32_t>> members_;  // of a group; a group comes after what it calls
  std::vector<std::uint64_t> depth_;                 // of a group
  std::vector<std::uint8_t> is_recursive_;           // of a group: itself or what it calls
  std::vector<std::uint8_t> is_cycle_;               // itself
  std::vector<std::uint32_t> best_node_;             // of a group: the member with the deepest way on
  std::vector<std::uint32_t> best_call_;             // its call's index, kNone: its own frame is the deepest
  std::vector<std::uint32_t> number_;                // while groups are found
  std::vector<std::uint32_t> low_;
  std::vector<std::uint32_t> stack_;
};

}  // namespace sluice::image
