// Which fields the fault cannot do without.
#include <algorithm>

#include "fuzz/shrink/content_shrinker.h"

namespace sluice::shrink {

using mutate::Editor;
using mutate::kNoNode;
using mutate::NodeId;
using mutate::TieKind;

namespace {

constexpr std::size_t kMostShown = 80;  // characters of a value
constexpr std::size_t kMostFindings = 64;

std::string text_of(std::span<const std::uint8_t> bytes) {
  return printable({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, kMostShown);
}

ByteRange range_of(const mutate::Node& node) { return {node.from, node.to}; }

bool holds(const mutate::Node& node, const ByteRange& bytes) {
  return node.from <= bytes.begin && bytes.end <= node.to;
}

}  // namespace

bool ContentShrinker::is_broken(mutate::SiteId site) const {
  return std::ranges::any_of(broken_, [&](mutate::TieId number) {
    const mutate::Tie& tie = format_.ties().all()[number];
    return tie.target == site || (tie.site == site && (format_.ties().is_bound(site) || format_.ties().is_sum(site)));
  });
}

// Whether repair makes it what it is, whatever it was before.
bool ContentShrinker::follows(NodeId leaf) {
  if (!plain_.follows(tree_, leaf) || is_broken(tree_[leaf].site)) return false;
  trial_ = tree_;
  editor_.begin(trial_, tree_.bytes().size());
  for (const mutate::TieId tie : broken_) editor_.leave(tie);
  set_plain(editor_, plain_, leaf);
  repair();
  return std::ranges::equal(trial_.bytes(), tree_.bytes());
}

// The array or structure that a field is the count or size of; kNoNode: of none.
NodeId ContentShrinker::counted_by(NodeId field) const {
  const NodeId container = tree_.container_of(field);
  NodeId found = kNoNode;
  for (NodeId id = 0; id < tree_.size(); ++id) {
    if (tree_[id].site == mutate::kNoSite) continue;
    for (const mutate::TieId number : format_.ties().of_site(tree_[id].site)) {
      const mutate::Tie& tie = format_.ties().all()[number];
      if (tie.target != tree_[field].site || (tie.kind != TieKind::count && tie.kind != TieKind::size)) continue;
      if (tree_.container_of(id) == container) return id;
      // Where each structure has a field of its own, its own counts.
      if (tree_[tree_.container_of(id)].type != tree_[container].type) found = id;
    }
  }
  return found;
}

// After an edit, in whatever way the rest is made to agree; empty: that cannot be told.
std::optional<bool> ContentShrinker::shows_with(NodeId leaf, const Edit& set) {
  enum class Way : std::uint8_t { pinned, free, alone };
  std::optional<bool> does;
  for (const Way way : {Way::pinned, Way::free, Way::alone}) {
    trial_ = tree_;
    editor_.begin(trial_, tree_.bytes().size());
    for (const mutate::TieId tie : broken_) editor_.leave(tie);
    if (!set(editor_)) continue;
    if (way == Way::pinned) editor_.pin(leaf);
    if (way == Way::alone) {
      repairer_.sum();
    } else {
      repair();
    }
    if (std::ranges::equal(trial_.bytes(), tree_.bytes())) continue;
    if (shows(trial_.bytes())) return true;
    if (!asker_.is_over()) does = false;
  }
  return does;
}

// Of a field that ought to follow others and does not: what it would be, if there is no fault with that.
std::optional<std::string> ContentShrinker::right_value(NodeId leaf) {
  const mutate::SiteId site = tree_[leaf].site;
  for (const mutate::TieId number : broken_) {
    const mutate::Tie& tie = format_.ties().all()[number];
    if (tie.site != site && tie.target != site) continue;
    mend_tie(number);
    const bool is_there = leaf < trial_.size() && trial_[leaf].site == site && trial_[leaf].is_number();
    if (!is_there || trial_.integer(leaf) == tree_.integer(leaf) || shows(trial_.bytes())) continue;
    if (!asker_.is_over()) return to_string(trial_.integer(leaf));
  }
  return std::nullopt;
}

// The value with which there is no fault: the right one, the plain one or, where the fault is there with that too, one
// beside it that `check` likes better.
std::optional<std::string> ContentShrinker::cure_of(NodeId leaf) {
  if (asker_.is_over()) return std::nullopt;
  if (const auto right = right_value(leaf)) return right;
  const auto plainly = shows_with(leaf, [&](Editor& editor) {
    set_plain(editor, plain_, leaf);
    return true;
  });
  const bool is_number = tree_[leaf].is_number();
  if (plainly == false) {
    return is_number ? to_string(plain_.number_of(tree_, leaf)) : text_of(plain_.bytes_of(tree_, leaf));
  }
  if (!is_number || wrongs_.empty()) return std::nullopt;
  const std::set<std::string> wrongs = wrongs_of(tree_.bytes());
  for (const Integer by : {1, -1, 2, -2, 3, -3, 4, -4}) {
    const Integer value = tree_.integer(leaf) + by;
    if (shows_with(leaf, [&](Editor& editor) { return editor.set(leaf, value); }) != false) continue;
    const std::set<std::string> left = wrongs_of(trial_.bytes());
    if (left.size() < wrongs.size() && std::ranges::includes(wrongs, left)) return to_string(value);
  }
  return std::nullopt;
}

std::vector<Needed> ContentShrinker::needed(const Wrap& wrap) {
  wrap_ = &wrap;
  std::vector<Needed> all;
  std::vector<ByteRange> told;  // fields, and what they are the size of
  const auto tell = [&](NodeId leaf) {
    const mutate::Node& node = tree_[leaf];
    const auto cure = cure_of(leaf);
    if (!cure) return;
    const bool is_number = node.is_number();
    const auto bytes = tree_.bytes().subspan(node.from, node.size());
    all.push_back({.path = mutate::path_of(tree_, leaf),
                   .bytes = range_of(node),
                   .value = is_number ? to_string(tree_.integer(leaf)) : text_of(bytes),
                   .plain = *cure});
    told.push_back(all.back().bytes);
  };
  std::set<std::string> named;  // by `check`
  Findings findings(kMostFindings);
  format_.judge(tree_.bytes(), findings);
  for (const Finding& finding : findings.list()) named.insert(finding.path);
  std::vector<std::pair<NodeId, NodeId>> counts;  // and of what
  for (NodeId leaf = 0; leaf < tree_.size() && !asker_.is_over(); ++leaf) {
    const mutate::Node& node = tree_[leaf];
    if (!node.is_leaf() || node.site == mutate::kNoSite) continue;
    if (plain_.is_plain(tree_, leaf) && !is_broken(node.site)) continue;
    if (follows(leaf) && !named.contains(mutate::path_of(tree_, leaf))) {
      const NodeId counted = counted_by(leaf);
      if (counted != kNoNode) counts.emplace_back(leaf, counted);
      continue;
    }
    // What is only longer is told by its length.
    const std::uint8_t filler = plain_.filler_of(tree_, leaf);
    const auto bytes = tree_.bytes().subspan(node.from, node.size());
    const bool is_only_longer = !node.is_number() && format_.ties().has_target(node.site, TieKind::size) &&
                                std::ranges::all_of(bytes, [&](std::uint8_t byte) { return byte == filler; });
    if (!is_only_longer) tell(leaf);
  }
  // Counts and sizes follow from what is told of their elements. The innermost first.
  const auto contains = [&](const auto& outer, const auto& inner) {
    const mutate::Node& node = tree_[outer.second];
    const mutate::Node& part = tree_[inner.second];
    const bool is_smaller = node.size() != part.size() || inner.second > outer.second;
    return holds(node, range_of(tree_[inner.first])) || (is_smaller && holds(node, range_of(part)));
  };
  std::vector<std::pair<std::ptrdiff_t, std::pair<NodeId, NodeId>>> order;
  for (const auto& outer : counts) {
    order.emplace_back(std::ranges::count_if(counts, [&](const auto& inner) { return contains(outer, inner); }), outer);
  }
  std::ranges::sort(order);
  for (const auto& [depth, pair] : order) {
    const auto& [leaf, counted] = pair;
    const std::string path = mutate::path_of(tree_, counted);
    const mutate::Node& node = tree_[counted];
    const bool is_told = std::ranges::any_of(told, [&](const ByteRange& bytes) { return holds(node, bytes); }) ||
                         std::ranges::any_of(all, [&](const Needed& field) { return field.path.starts_with(path); });
    const std::size_t before = all.size();
    if (!is_told) tell(leaf);
    if (all.size() != before) told.push_back(range_of(node));
  }
  std::ranges::stable_sort(all, {}, [](const Needed& field) { return field.bytes.begin; });
  return all;
}

}  // namespace sluice::shrink
