// How often elements are repeated.
#include <algorithm>
#include <vector>

#include "fuzz/mutate/verbs.h"

namespace sluice::mutate {

namespace {

// Of an array's elements that with the most in it.
NodeId largest_sibling(const Tree& tree, NodeId id) {
  for (NodeId other = tree.first_child(tree[id].parent); other != kNoNode; other = tree.next_sibling(other)) {
    if (tree[other].end - other > tree[id].end - id) id = other;
  }
  return id;
}

}  // namespace

// How many copies; and now and then of a few elements in a row, the last of which is the other: what repeats in
// patterns and lists of rules is more than one element long.
void Verbs::draw_run(const Tree& tree, Step& step, Random& random) const {
  step.value = draw_copies(tree, step.node, random);
  if (!random.chance(1, 4)) return;
  NodeId last = step.node;
  for (std::uint64_t more = 1 + random.below(3); more != 0 && tree.next_sibling(last) != kNoNode; --more) {
    last = tree.next_sibling(last);
  }
  if (last == step.node) return;
  step.other = last;
  step.value = 1 + static_cast<Integer>(random.below(std::uint64_t{1} << random.below(6)));
}

Integer Verbs::draw_copies(const Tree& tree, NodeId& id, Random& random) const {
  if (random.chance(1, 8)) {
    // Until there are as many as somebody has written down, or one more: no growth by small steps comes to a cap. Of
    // the elements; or of what they have in them, where all share one pool: the largest fills it soonest.
    const bool shares = random.chance(1, 2);
    if (shares) id = largest_sibling(tree, id);
    const Count count =
        shares ? count_inside(tree, id, random) : Count{.all = tree.count_of(tree[id].parent), .here = 1};
    const std::vector<Integer>& numbers = random.chance(1, 2) ? hints_.caps : hints_.numbers;
    const auto first = std::ranges::upper_bound(numbers, count.all);
    const auto last = std::ranges::upper_bound(numbers, count.all + (kMostCopies - 1) * count.here);
    if (first != last) {
      const auto which = random.below(static_cast<std::uint64_t>(last - first));
      const Integer more = first[static_cast<std::ptrdiff_t>(which)] - count.all;
      return (more + count.here - 1) / count.here + static_cast<Integer>(random.below(2));
    }
  }
  return 1 + static_cast<Integer>(random.chance(1, 8) ? random.below(32) : random.below(2));
}

// Elements of some member of the schema that is in the subtree. None: the subtree itself is counted.
Verbs::Count Verbs::count_inside(const Tree& tree, NodeId id, Random& random) const {
  NodeId inside = id + 1;
  if (tree[id].end > inside) inside += static_cast<NodeId>(random.below(tree[id].end - inside));
  while (inside < tree[id].end && !tree[inside].is(node_flag::element)) ++inside;
  const SiteId site = tree[inside < tree[id].end ? inside : id].site;
  Count count;
  for (NodeId n = 0; n < tree.size(); ++n) {
    if (tree[n].site != site || !tree[n].is(node_flag::element)) continue;
    ++count.all;
    if (tree.is_ancestor(id, n)) ++count.here;
  }
  return count;
}

}  // namespace sluice::mutate
