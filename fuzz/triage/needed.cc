// Which fields the fault cannot do without.
#include <algorithm>

#include "fuzz/triage/content_shrinker.h"

namespace sluice::triage {

using mutate::kNoNode;
using mutate::NodeId;
using mutate::Tree;

namespace {

constexpr std::size_t kMostShown = 80;  // characters of a value

std::string text_of(std::span<const std::uint8_t> bytes) {
  return printable({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, kMostShown);
}

}  // namespace

Needed ContentShrinker::describe(NodeId leaf) const {
  const mutate::Node& node = tree_[leaf];
  Needed field{.path = mutate::path_of(tree_, leaf), .bytes = {node.from, node.to}, .value = {}, .plain = {}};
  if (node.is_number()) {
    field.value = to_string(tree_.integer(leaf));
    field.plain = to_string(plain_.number_of(tree_, leaf));
  } else {
    field.value = text_of(tree_.bytes().subspan(node.from, node.size()));
    field.plain = text_of(plain_.bytes_of(tree_, leaf));
  }
  return field;
}

// Whether repair makes it what it is, whatever it was before.
bool ContentShrinker::follows(NodeId leaf) {
  if (!plain_.follows(tree_[leaf].site)) return false;
  trial_ = tree_;
  editor_.begin(trial_, tree_.bytes().size());
  for (const mutate::TieId tie : broken_) editor_.leave(tie);
  set_plain(editor_, plain_, leaf);
  repair();
  return std::ranges::equal(trial_.bytes(), tree_.bytes());
}

// Whether what a count or size is of holds one of the fields.
bool ContentShrinker::is_about(const std::set<std::string>& paths, NodeId field) const {
  const NodeId container = tree_.container_of(field);
  for (NodeId id = 0; id < tree_.size(); ++id) {
    if (tree_[id].site == mutate::kNoSite) continue;
    const bool is_of_it = std::ranges::any_of(format_.ties().of_site(tree_[id].site), [&](mutate::TieId tie) {
      return format_.ties().all()[tie].target == tree_[field].site;
    });
    if (!is_of_it) continue;
    // Where each structure has a count of its own, its own.
    const NodeId up = tree_.container_of(id);
    if (up != container && tree_[up].type == tree_[container].type) continue;
    const std::string path = mutate::path_of(tree_, id);
    const auto is_inside = [&](const std::string& other) {
      return other.starts_with(path) &&
             (other.size() == path.size() || other[path.size()] == '.' || other[path.size()] == '[');
    };
    if (std::ranges::any_of(paths, is_inside)) return true;
  }
  return false;
}

// Whether there is no fault with its plain value.
bool ContentShrinker::is_needed(NodeId leaf) {
  enum class Way : std::uint8_t { pinned, free, alone };
  bool is_cure = false;
  for (const Way way : {Way::pinned, Way::free, Way::alone}) {
    trial_ = tree_;
    editor_.begin(trial_, tree_.bytes().size());
    for (const mutate::TieId tie : broken_) editor_.leave(tie);
    set_plain(editor_, plain_, leaf);
    if (way == Way::pinned) editor_.pin(leaf);
    if (way == Way::alone) {
      repairer_.sum();
    } else {
      repair();
    }
    if (trial_.bytes().size() > tree_.bytes().size() || std::ranges::equal(trial_.bytes(), tree_.bytes())) continue;
    if (shows(trial_.bytes())) return false;
    is_cure = is_cure || !asker_.is_over();
  }
  return is_cure;
}

std::vector<Needed> ContentShrinker::needed(const Wrap& wrap) {
  wrap_ = &wrap;
  std::vector<Needed> all;
  std::set<std::string> paths;
  std::vector<NodeId> following;
  const std::vector<NodeId> leaves = off_leaves();
  for (const NodeId leaf : leaves) {
    const mutate::Node& node = tree_[leaf];
    if (follows(leaf)) {
      following.push_back(leaf);
      continue;
    }
    // A text that is only longer is told by its length.
    const std::uint8_t filler = plain_.filler_of(tree_, leaf);
    const auto bytes = tree_.bytes().subspan(node.from, node.size());
    const bool is_only_longer = !node.is_number() && format_.ties().has_target(node.site, mutate::TieKind::size) &&
                                std::ranges::all_of(bytes, [&](std::uint8_t b) { return b == filler; });
    if (is_only_longer || !is_needed(leaf)) continue;
    all.push_back(describe(leaf));
    paths.insert(all.back().path);
  }
  for (const NodeId leaf : following) {
    const auto& readers = format_.ties().readers(tree_[leaf].site);
    const bool counts = std::ranges::any_of(readers, [&](mutate::TieId tie) {
      const mutate::Tie& t = format_.ties().all()[tie];
      return t.target == tree_[leaf].site && (t.kind == mutate::TieKind::count || t.kind == mutate::TieKind::size);
    });
    if (counts && !is_about(paths, leaf) && is_needed(leaf)) all.push_back(describe(leaf));
  }
  std::ranges::stable_sort(all, {}, [](const Needed& field) { return field.bytes.begin; });
  return all;
}

}  // namespace sluice::triage
