// Takes away elements, what is optional, and what nobody reads.
#include <algorithm>

#include "fuzz/mutate/solve.h"
#include "fuzz/shrink/content_shrinker.h"

namespace sluice::shrink {

using mutate::Editor;
using mutate::kNoNode;
using mutate::NodeId;
using mutate::NodeKind;
using mutate::Tree;

namespace {

// Elements [begin, end) of an array, with what is placed of them.
void erase_run(Editor& editor, NodeId array, std::uint32_t begin, std::uint32_t end) {
  const Tree& tree = editor.tree();
  NodeId first = array + 1;
  for (std::uint32_t i = 0; i < begin; ++i) first = tree[first].end;
  NodeId last = first;
  for (std::uint32_t i = begin; i < end; ++i) last = tree[last].end;
  bool has_placed = tree[array].is(mutate::node_flag::placed);
  for (NodeId id = first; id < last && !has_placed; ++id) has_placed = tree[id].is(mutate::node_flag::placed);
  if (!has_placed) {
    editor.erase(first, last);
    return;
  }
  for (std::uint32_t i = begin; i < end; ++i) editor.release(first);
}

}  // namespace

bool ContentShrinker::erase_elements_of(const std::string& path) {
  bool has_gone = false;
  bool has_gone_before = true;
  NodeId array = find(path);
  if (array == kNoNode) return false;
  std::uint32_t count = tree_.count_of(array);
  for (std::uint32_t piece = count; piece > 0 && !asker_.is_over(); piece /= 2) {
    if (is_too_fine(count, piece, has_gone_before)) break;
    has_gone_before = false;
    for (std::uint32_t end = count; end > 0 && !asker_.is_over();) {
      const std::uint32_t begin = end > piece ? end - piece : 0;
      const bool goes = attempt([&](Editor& editor) {
        erase_run(editor, array, begin, end);
        return true;
      });
      end = begin;
      if (!goes) continue;
      has_gone = has_gone_before = true;
      array = find(path);
      if (array == kNoNode) return true;
      count = tree_.count_of(array);
      end = std::min(end, count);
    }
  }
  return has_gone;
}

// The largest first.
bool ContentShrinker::erase_elements() {
  std::vector<std::pair<std::uint32_t, std::string>> arrays;
  for (NodeId id = 0; id < tree_.size(); ++id) {
    if (tree_[id].kind != NodeKind::array) continue;
    arrays.emplace_back(tree_[id].end - id, mutate::path_of(tree_, id));
  }
  std::ranges::stable_sort(arrays, [](const auto& a, const auto& b) { return a.first > b.first; });
  bool has_gone = false;
  for (const auto& [size, path] : arrays) has_gone |= erase_elements_of(path);
  return has_gone;
}

bool ContentShrinker::erase_options() {
  bool has_gone = false;
  for (NodeId id = 1; id < tree_.size() && !asker_.is_over();) {
    const mutate::SiteId site = tree_[id].site;
    const mutate::Formula& condition = format_.ties().formulas(site).condition;
    const bool is_optional = condition && !tree_[id].is(mutate::node_flag::element);
    const bool goes = is_optional && attempt([&](Editor& editor) {
                        mutate::Random random(1);
                        const NodeId container = editor.tree().container_of(id);
                        return mutate::Solver(editor, random).settle(condition, {.self = container}, false);
                      });
    has_gone |= goes;
    if (!goes) ++id;
  }
  return has_gone;
}

bool ContentShrinker::erase_gap(std::uint32_t from, std::uint32_t to) {
  if (from >= to || asker_.is_over()) return false;
  const bool goes = attempt([&](Editor& editor) {
    NodeId region = 0;
    for (NodeId id = 0; id < tree_.size(); ++id) {
      if (!tree_[id].is_leaf() && tree_[id].from <= from && to <= tree_[id].to) region = id;
    }
    editor.erase_bytes(region, from, to - from);
    return true;
  });
  if (goes || to - from == 1) return goes;
  const std::uint32_t half = from + (to - from) / 2;
  const bool behind = erase_gap(half, to);
  return erase_gap(from, half) || behind;
}

// The last first: those before it stay where they are.
bool ContentShrinker::erase_gaps() {
  const std::vector<Gap> gaps = gaps_of(tree_);
  bool has_gone = false;
  for (std::size_t i = gaps.size(); i-- > 0;) {
    const std::size_t size = tree_.bytes().size();
    has_gone |= gaps[i].to <= size && erase_gap(gaps[i].from, gaps[i].to);
  }
  gap_bytes_ = 0;
  for (const Gap& gap : gaps_of(tree_)) gap_bytes_ += gap.to - gap.from;
  return has_gone;
}

}  // namespace sluice::shrink
