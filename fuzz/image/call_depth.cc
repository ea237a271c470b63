#include "fuzz/image/call_depth.h"

#include <algorithm>
#include <utility>

namespace sluice::image {

namespace {

// That is told; a longer one is measured all the same.
constexpr std::size_t kLongestChain = 256;

}  // namespace

CallDepth::CallDepth(std::vector<CallNode> nodes) : nodes_(std::move(nodes)) { find_groups(); }

// Tarjan's strongly connected components, with a stack of our own. They come in the order in which they can be
// measured.
void CallDepth::find_groups() {
  const auto count = static_cast<std::uint32_t>(nodes_.size());
  group_.assign(count, kNone);
  number_.assign(count, kNone);
  low_.assign(count, 0);
  std::uint32_t next_number = 0;
  struct Step {
    std::uint32_t node;
    std::size_t next = 0;
  };
  std::vector<Step> path;
  const auto meet = [&](std::uint32_t node) {
    number_[node] = low_[node] = next_number++;
    stack_.push_back(node);
    path.push_back({node});
  };
  for (std::uint32_t start = 0; start < count; ++start) {
    if (number_[start] == kNone) meet(start);
    while (!path.empty()) {
      Step& step = path.back();
      const std::uint32_t node = step.node;
      if (step.next < nodes_[node].calls.size()) {
        const std::uint32_t to = nodes_[node].calls[step.next++].to;
        if (number_[to] == kNone) {
          meet(to);
        } else if (group_[to] == kNone) {
          low_[node] = std::min(low_[node], number_[to]);
        }
        continue;
      }
      path.pop_back();
      if (!path.empty()) low_[path.back().node] = std::min(low_[path.back().node], low_[node]);
      if (low_[node] == number_[node]) close_group(node);
    }
  }
}

void CallDepth::close_group(std::uint32_t root) {
  const auto group = static_cast<std::uint32_t>(members_.size());
  members_.emplace_back();
  std::uint32_t member = kNone;
  do {
    member = stack_.back();
    stack_.pop_back();
    group_[member] = group;
    members_[group].push_back(member);
  } while (member != root);
  measure(group);
}

void CallDepth::measure(std::uint32_t group) {
  std::uint64_t depth = 0;
  bool is_cycle = false;
  bool is_recursive = false;
  std::uint32_t best_node = members_[group].front();
  std::uint32_t best_call = kNone;
  const auto consider = [&](std::uint64_t size, std::uint32_t node, std::uint32_t call) {
    if (size <= depth) return;
    depth = size;
    best_node = node;
    best_call = call;
  };
  for (const std::uint32_t node : members_[group]) {
    consider(nodes_[node].frame, node, kNone);
    for (std::uint32_t i = 0; i < nodes_[node].calls.size(); ++i) {
      const CallEdge& call = nodes_[node].calls[i];
      if (group_[call.to] == group) {
        // Functions that jump to each other take no more each time.
        is_cycle = is_cycle || call.in_front != 0;
        continue;
      }
      is_recursive = is_recursive || is_recursive_[group_[call.to]] != 0;
      consider(call.in_front + depth_[group_[call.to]], node, i);
    }
  }
  depth_.push_back(depth);
  is_cycle_.push_back(is_cycle ? 1 : 0);
  is_recursive_.push_back(is_cycle || is_recursive ? 1 : 0);
  best_node_.push_back(best_node);
  best_call_.push_back(best_call);
}

Chain CallDepth::deepest(std::uint32_t from) const {
  Chain chain{.size = depth_[group_[from]], .is_recursive = leads_to_recursion(from)};
  chain.functions.push_back(from);
  if (chain.is_recursive) {
    follow_recursion(from, chain);
    return chain;
  }
  std::uint32_t node = from;
  while (chain.functions.size() < kLongestChain) {
    const std::uint32_t group = group_[node];
    if (best_node_[group] != node) chain.functions.push_back(best_node_[group]);
    node = best_node_[group];
    if (best_call_[group] == kNone) return chain;
    node = nodes_[node].calls[best_call_[group]].to;
    chain.functions.push_back(node);
  }
  return chain;
}

// To the function that calls itself, and once around.
void CallDepth::follow_recursion(std::uint32_t from, Chain& chain) const {
  std::uint32_t node = from;
  while (is_cycle_[group_[node]] == 0 && chain.functions.size() < kLongestChain) {
    const auto& calls = nodes_[node].calls;
    auto call = std::ranges::find_if(
        calls, [&](const CallEdge& one) { return group_[one.to] != group_[node] && leads_to_recursion(one.to); });
    // Where functions jump to each other another of them may be the one that calls on.
    if (call == calls.end()) return;
    node = call->to;
    chain.functions.push_back(node);
  }
  if (is_cycle_[group_[node]] == 0) return;
  const std::uint32_t first = node;
  std::vector<std::uint32_t> seen = {node};
  while (true) {
    const auto& calls = nodes_[node].calls;
    const auto call = std::ranges::find_if(calls, [&](const CallEdge& one) { return group_[one.to] == group_[first]; });
    node = call->to;
    chain.functions.push_back(node);
    if (std::ranges::find(seen, node) != seen.end()) return;
    seen.push_back(node);
    if (chain.functions.size() >= kLongestChain) return;
  }
}

}  // namespace sluice::image
