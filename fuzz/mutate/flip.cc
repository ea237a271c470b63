#include "fuzz/mutate/flip.h"

#include <algorithm>

#include "fuzz/mutate/bounds.h"

namespace sluice::mutate {

namespace {

constexpr std::size_t kMostValues = 24;
constexpr std::size_t kRoom = 4096;  // that content may grow by

std::vector<Integer> other_numbers(const Tree& tree, NodeId field, int steps) {
  const Integer now = tree.integer(field);
  std::vector<Integer> values;
  const auto add = [&](Integer value) {
    if (value == now || value < least_of(tree[field]) || value > most_of(tree[field])) return;
    if (std::ranges::find(values, value) == values.end()) values.push_back(value);
  };
  if (tree[field].enum_id == schema::kNoEnum) {
    for (int step = 1; step <= steps; ++step) {
      add(now - step);
      add(now + step);
    }
    add(now & ~Integer{3});
    add(now / 2);
    add(0);
    add(1);
  }
  for (const Integer value : named_values(tree, field)) add(value);
  if (values.size() > kMostValues) values.resize(kMostValues);
  return values;
}

}  // namespace

std::vector<NodeId> Flipper::fields() const {
  std::vector<NodeId> fields;
  for (NodeId id = 0; id < tree_.size(); ++id) {
    const Node& node = tree_[id];
    if (node.is_leaf() && node.size() != 0 && !node.is(node_flag::cut)) fields.push_back(id);
  }
  return fields;
}

std::vector<FlipValue> Flipper::others(NodeId field, int steps) const {
  std::vector<FlipValue> values;
  const Node& node = tree_[field];
  if (node.is_number()) {
    for (const Integer number : other_numbers(tree_, field, steps)) values.push_back({.number = number});
    return values;
  }
  const auto now = tree_.bytes().subspan(node.from, node.size());
  std::vector<std::uint8_t> other(now.begin(), now.end());
  other.back() = 0;
  values.push_back({.bytes = other});
  std::ranges::fill(other, std::uint8_t{'a'});
  values.push_back({.bytes = std::move(other)});
  return values;
}

bool Flipper::flip(std::span<const NodeId> fields, const FlipValue& value, bool repairs) {
  work_ = tree_;
  editor_.begin(work_, tree_.bytes().size() + kRoom);
  for (const NodeId field : fields) {
    if (!value.bytes.empty()) {
      editor_.overwrite(field, tree_[field].from, value.bytes);
    } else if (!editor_.set(field, value.number)) {
      return false;
    } else {
      editor_.pin(field);
    }
  }
  repairer_.begin(Random(1));
  if (repairs) {
    (void)repairer_.run();
    return !std::ranges::equal(work_.bytes(), tree_.bytes());
  }
  repairer_.sum();
  // What a reader now makes of it.
  const std::vector<std::uint8_t> bytes(work_.bytes().begin(), work_.bytes().end());
  work_.parse(bytes);
  return !std::ranges::equal(bytes, tree_.bytes());
}

std::size_t Flipper::num_changed() const {
  const auto a = work_.bytes();
  const auto b = tree_.bytes();
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t changed = std::max(a.size(), b.size()) - size;
  for (std::size_t i = 0; i < size; ++i) changed += a[i] != b[i];
  return changed;
}

std::string shown(const FlipValue& value) {
  constexpr std::size_t kMost = 24;
  if (value.bytes.empty()) return to_string(value.number);
  std::string text(value.bytes.begin(), value.bytes.end());
  return text.size() > kMost ? text.substr(0, kMost) + ".." : text;
}

}  // namespace sluice::mutate
