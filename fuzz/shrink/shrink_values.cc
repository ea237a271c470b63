// Makes fields what they are in plain content, or nearer to it.
#include <algorithm>
#include <map>

#include "fuzz/mutate/bounds.h"
#include "fuzz/shrink/content_shrinker.h"

namespace sluice::shrink {

using mutate::Editor;
using mutate::kNoNode;
using mutate::NodeId;
using mutate::Tree;

namespace {

constexpr std::size_t kMostEqual = 8;  // members with the same number

}  // namespace

std::vector<NodeId> ContentShrinker::off_leaves() const {
  std::vector<NodeId> leaves;
  for (NodeId id = 0; id < tree_.size(); ++id) {
    const mutate::Node& node = tree_[id];
    if (!node.is_leaf() || node.site == mutate::kNoSite || plain_.is_plain(tree_, id)) continue;
    if (!format_.ties().is_sum(node.site)) leaves.push_back(id);
  }
  return leaves;
}

bool ContentShrinker::reset_values() {
  bool has_gone = false;
  bool has_gone_before = true;
  std::vector<NodeId> leaves = off_leaves();
  // Several at once, without those that follow others.
  const auto keep_free = [&] {
    leaves = off_leaves();
    std::erase_if(leaves, [&](NodeId id) { return plain_.follows(tree_, id); });
  };
  keep_free();
  for (std::size_t piece = leaves.size(); piece > 1 && !asker_.is_over(); piece /= 2) {
    if (is_too_fine(leaves.size(), piece, has_gone_before)) break;
    has_gone_before = false;
    for (std::size_t end = leaves.size(); end > 0 && !asker_.is_over();) {
      const std::size_t begin = end > piece ? end - piece : 0;
      const bool goes = attempt([&](Editor& editor) {
        for (std::size_t i = end; i-- > begin;) set_plain(editor, plain_, leaves[i]);
        return true;
      });
      end = begin;
      if (!goes) continue;
      has_gone = has_gone_before = true;
      keep_free();
      end = std::min(end, leaves.size());
    }
  }
  has_gone |= reset_equals();
  std::vector<std::string> paths;
  for (const NodeId leaf : off_leaves()) paths.push_back(mutate::path_of(tree_, leaf));
  if (is_too_fine(paths.size(), 1, has_gone_before)) return has_gone;
  for (const std::string& path : paths) has_gone |= reset_value(path);
  return has_gone;
}

// Numbers that refer to each other are the same, and are changed together: of all members, or of two.
bool ContentShrinker::reset_equals() {
  bool has_gone = false;
  std::set<std::pair<Integer, Integer>> tried;  // what was and what it was to be
  for (bool goes = true; goes && !asker_.is_over();) {
    goes = false;
    std::map<Integer, std::vector<NodeId>> by_value;
    for (NodeId id = 0; id < tree_.size(); ++id) {
      const mutate::Node& node = tree_[id];
      const bool is_free = node.is_number() && node.site != mutate::kNoSite && node.enum_id == schema::kNoEnum;
      if (is_free && !plain_.follows(tree_, id)) by_value[tree_.integer(id)].push_back(id);
    }
    for (const auto& [value, all] : by_value) {
      std::set<mutate::SiteId> sites;
      std::set<Integer> aims;
      for (const NodeId id : all) {
        sites.insert(tree_[id].site);
        if (plain_.number_of(tree_, id) != value) aims.insert(plain_.number_of(tree_, id));
      }
      if (sites.size() < 2 || sites.size() > kMostEqual) continue;
      std::vector<std::set<mutate::SiteId>> choices{sites};
      for (const mutate::SiteId one : sites) {
        for (const mutate::SiteId other : sites) {
          if (one < other && sites.size() > 2) choices.push_back({one, other});
        }
      }
      for (const Integer aim : aims) {
        if (!tried.insert({value, aim}).second) continue;
        for (const auto& chosen : choices) {
          goes = goes || attempt([&](Editor& editor) {
                   for (const NodeId id : all) {
                     if (chosen.contains(tree_[id].site) && editor.set(id, aim)) editor.pin(id);
                   }
                   return true;
                 });
        }
        if (goes) break;
      }
      if (goes) break;
    }
    has_gone |= goes;
  }
  return has_gone;
}

bool ContentShrinker::reset_value(const std::string& path) {
  const NodeId leaf = find(path);
  if (leaf == kNoNode || !tree_[leaf].is_leaf() || plain_.is_plain(tree_, leaf)) return false;
  for (const bool pins : {true, false}) {
    const bool goes = attempt([&](Editor& editor) {
      set_plain(editor, plain_, leaf);
      if (pins) editor.pin(leaf);
      return true;
    });
    if (goes) return true;
  }
  if (tree_[leaf].is_number()) {
    const auto set = [&](Editor& editor) { return editor.set(leaf, plain_.number_of(tree_, leaf)); };
    return attempt_alone(set) || lower(path);
  }
  const bool is_shorter = shorten(path);
  return blank(path) || is_shorter;
}

bool ContentShrinker::lower(const std::string& path) {
  const NodeId number = find(path);
  const Integer plain = plain_.number_of(tree_, number);
  const auto far = [&](Integer value) { return value < plain ? plain - value : value - plain; };
  const auto set = [&](Integer value) {
    const NodeId id = find(path);
    if (id == kNoNode || !tree_[id].is_number()) return false;
    const auto pin = [&](Editor& editor) {
      if (!editor.set(id, value)) return false;
      editor.pin(id);
      return true;
    };
    return attempt(pin) || attempt_alone(pin);
  };
  std::vector<Integer> named = mutate::named_values(tree_, number);
  std::erase_if(named, [&](Integer value) { return far(value) >= far(tree_.integer(number)) || value == plain; });
  std::ranges::stable_sort(named, {}, far);
  const bool is_enum = tree_[number].enum_id != schema::kNoEnum;
  for (const Integer value : named) {
    if (set(value)) return true;
  }
  if (is_enum) return false;
  bool has_gone = false;
  Integer bad = plain;
  for (Integer good = tree_.integer(number); far(good) > far(bad) + 1 && !asker_.is_over();) {
    const Integer middle = bad + (good - bad) / 2;
    if (set(middle)) {
      has_gone = true;
      good = middle;
    } else {
      bad = middle;
    }
  }
  return has_gone;
}

// Pieces of a text or of bytes go, the last first.
bool ContentShrinker::shorten(const std::string& path) {
  bool has_gone = false;
  bool has_gone_before = true;
  NodeId leaf = find(path);
  std::uint32_t size = leaf == kNoNode ? 0 : tree_[leaf].size();
  for (std::uint32_t piece = size; piece > 0 && !asker_.is_over(); piece /= 2) {
    if (is_too_fine(size, piece, has_gone_before)) break;
    has_gone_before = false;
    for (std::uint32_t end = size; end > 0 && !asker_.is_over();) {
      const std::uint32_t begin = end > piece ? end - piece : 0;
      const bool goes = attempt([&](Editor& editor) {
        editor.erase_bytes(leaf, tree_[leaf].from + begin, end - begin);
        return true;
      });
      end = begin;
      if (!goes) continue;
      has_gone = has_gone_before = true;
      leaf = find(path);
      if (leaf == kNoNode || tree_[leaf].is_number()) return true;
      size = tree_[leaf].size();
      end = std::min(end, size);
    }
  }
  return has_gone;
}

// Pieces become what texts and bytes are filled with.
bool ContentShrinker::blank(const std::string& path) {
  bool has_gone = false;
  bool has_gone_before = true;
  NodeId leaf = find(path);
  if (leaf == kNoNode) return false;
  const std::uint8_t filler = plain_.filler_of(tree_, leaf);
  for (std::uint32_t piece = tree_[leaf].size(); piece > 0 && !asker_.is_over(); piece /= 2) {
    if (is_too_fine(tree_[leaf].size(), piece, has_gone_before)) break;
    has_gone_before = false;
    for (std::uint32_t end = tree_[leaf].size(); end > 0 && !asker_.is_over();) {
      const std::uint32_t begin = end > piece ? end - piece : 0;
      const std::uint32_t from = tree_[leaf].from + begin;
      const std::vector<std::uint8_t> blanks(end - begin, filler);
      end = begin;
      if (std::ranges::equal(tree_.bytes().subspan(from, blanks.size()), blanks)) continue;
      if (!attempt([&](Editor& editor) {
            editor.overwrite(leaf, from, blanks);
            return true;
          })) {
        continue;
      }
      has_gone = has_gone_before = true;
      leaf = find(path);
      if (leaf == kNoNode) return true;
      end = std::min(end, tree_[leaf].size());
    }
  }
  return has_gone;
}

}  // namespace sluice::shrink
