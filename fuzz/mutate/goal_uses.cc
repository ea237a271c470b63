// The way to a use: an element with the wanted template type, input and operator.
#include <algorithm>
#include <iterator>

#include "fuzz/mutate/goals.h"
#include "fuzz/mutate/question.h"
#include "fuzz/mutate/subtree.h"

namespace sluice::mutate {

namespace {

constexpr std::uint32_t kFewUses = 8;  // in one structure

}  // namespace

// An element of what uses inputs, with this type, input and operator.
bool Approach::make_use(Editor& editor, const Feature& feature, bool& is_done) {
  Tree& tree = editor.tree();
  const schema::ContractUse& use = *tree.format().schema().rules.uses;
  if (elements_of(tree, use.each, 1).empty()) {
    is_done = false;
    const std::vector<NodeId> holders = holders_of(tree, use.each);
    if (!holders.empty() && tree[holders.front()].kind == NodeKind::array) {
      return append_minimal(editor, holders.front()) != kNoNode;
    }
    return make_structure(editor, use.each.steps.back().type, 0);
  }
  const NodeId element = new_use(editor, feature);
  why_ = "no field is known that names the operator, the type or the input";
  if (element == kNoNode) return false;
  if (feature.site != kNoSite) {
    const NodeId op = tree.child_of(element, feature.site);
    if (op == kNoNode || !tree.set_integer(op, feature.value)) return false;
    tree.set_flag(op, node_flag::pinned);
  }
  return set_answer(tree, {.expr = use.input.expr.get(), .element = element}, feature.input) &&
         set_answer(tree, {.expr = use.type.expr.get(), .element = element}, feature.type);
}

// The last element of an array, after the tree was repaired.
NodeId Approach::last_of(Editor& editor, NodeId holder) {
  Tree& tree = editor.tree();
  const std::string path = path_of(tree, holder);
  (void)settler_.repair();
  (void)settler_.begin(tree);
  std::string_view rest;
  const NodeId found = find_path(tree, path, rest);
  if (found == kNoNode || !rest.empty() || tree[found].kind != NodeKind::array) return kNoNode;
  NodeId last = kNoNode;
  for (NodeId c = found + 1; c < tree[found].end; c = tree[c].end) last = c;
  return last;
}

// One more element: beside others of the type as long as these are few, else in a structure of its own. Where there can
// be no more, one that is there.
NodeId Approach::new_use(Editor& editor, const Feature& feature) {
  Tree& tree = editor.tree();
  const schema::ContractUse& use = *tree.format().schema().rules.uses;
  const schema::RulePath::Step& step = use.each.steps.back();
  std::vector<NodeId> holders = holders_of(tree, use.each);
  std::erase_if(holders, [&](NodeId h) { return tree[h].kind != NodeKind::array; });
  const auto fits = [&](NodeId holder) {
    const NodeId first = tree.element_of(holder, 0);
    if (first == kNoNode || tree.count_of(holder) >= kFewUses) return false;
    return ask_integer(tree, {.expr = use.type.expr.get(), .element = first}) == feature.type;
  };
  std::vector<NodeId> fitting;
  std::ranges::copy_if(holders, std::back_inserter(fitting), fits);
  if (!fitting.empty() && random_.chance(3, 4)) {
    const NodeId holder = fitting[random_.below(fitting.size())];
    if (append_element(editor, holder) != kNoNode) return last_of(editor, holder);
  }
  if (!holders.empty()) {
    const NodeId outer = tree.container_of(holders[random_.below(holders.size())]);
    const NodeId siblings = outer == kNoNode ? kNoNode : tree[outer].parent;
    if (siblings != kNoNode && tree[siblings].kind == NodeKind::array) {
      const NodeId copy = append_element(editor, siblings);
      const SiteId site = tree.format().site_of(step.type, step.member);
      const NodeId holder = copy == kNoNode ? kNoNode : tree.child_of(copy, site);
      while (holder != kNoNode && tree.count_of(holder) > 1)
        editor.erase(tree.element_of(holder, tree.count_of(holder) - 1));
      if (holder != kNoNode) return last_of(editor, holder);
    }
  }
  const std::vector<NodeId> elements = elements_of(tree, use.each);
  return elements.empty() ? kNoNode : elements[random_.below(elements.size())];
}

bool Approach::set_answer(Tree& tree, const Question& question, Integer wanted) {
  for (const NodeId field : reads_of(tree, question).fields) {
    if (solve(tree, field, question, wanted)) return true;
  }
  return false;
}

}  // namespace sluice::mutate
