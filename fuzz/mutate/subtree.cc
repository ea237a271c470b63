#include "fuzz/mutate/subtree.h"

#include "fuzz/mutate/question.h"

namespace sluice::mutate {

Fragment copy_subtree(const Tree& tree, NodeId id) {
  Fragment out;
  const Node& top = tree[id];
  out.bytes.assign(tree.bytes().begin() + top.from, tree.bytes().begin() + top.to);
  // By the node in the tree its number in the copy.
  std::vector<NodeId> numbers(top.end - id, kNoNode);
  for (NodeId n = id; n < top.end; ++n) {
    if (n != id && tree[n].is(node_flag::placed)) {
      n = tree[n].end - 1;
      continue;
    }
    numbers[n - id] = static_cast<NodeId>(out.nodes.size());
    Node node = tree[n];
    node.parent = n == id ? kNoNode : numbers[node.parent - id];
    node.from -= top.from;
    node.to -= top.from;
    out.nodes.push_back(node);
  }
  for (std::size_t i = out.nodes.size(); i-- > 0;) {
    NodeId end = static_cast<NodeId>(i + 1);
    while (end < out.nodes.size() && out.nodes[end].parent == i) end = out.nodes[end].end;
    out.nodes[i].end = end;
  }
  return out;
}

namespace {

NodeId last_of(const Tree& tree, NodeId array) {
  NodeId last = kNoNode;
  for (NodeId c = array + 1; c < tree[array].end; c = tree[c].end) last = c;
  return last;
}

// Changes the new element so that it is not the one that ends the repeat.
void go_on(Editor& editor, NodeId element, const schema::Member& member) {
  const Tree& tree = editor.tree();
  const NodeId up = tree.container_of(element);
  const Question ends{.expr = member.repeat_until.expr.get(), .self = up == kNoNode ? 0 : up, .element = element};
  for (const NodeId field : reads_of(tree, ends).fields) {
    if (!tree[field].is_number() || !tree.is_ancestor(element, field)) continue;
    const Integer before = tree.integer(field);
    for (const Integer value : {Integer{1}, Integer{0}, Integer{2}, before + 1}) {
      if (ask_integer(tree, ends) == Integer{0}) return;
      if (editor.set(field, value) && ask_integer(tree, ends) != Integer{0}) (void)editor.set(field, before);
    }
  }
}

NodeId append(Editor& editor, NodeId array, Fragment fragment) {
  if (fragment.nodes.empty()) return kNoNode;
  const Tree& tree = editor.tree();
  const schema::Member& member = *editor.format().site(tree[array].site).member;
  fragment.nodes[0].flags |= node_flag::element;
  const NodeId last = member.repeat == schema::RepeatKind::until ? last_of(tree, array) : kNoNode;
  const NodeId at = last == kNoNode ? tree[array].end : last;
  const std::uint32_t offset = last == kNoNode ? tree[array].to : tree[last].from;
  if (!editor.insert(array, at, array, offset, fragment)) return kNoNode;
  if (last != kNoNode && member.repeat_until) go_on(editor, at, member);
  return at;
}

}  // namespace

NodeId append_minimal(Editor& editor, NodeId array) {
  const Tree& tree = editor.tree();
  const SiteId site = tree[array].site;
  const schema::DataType& data = tree.format().site(site).member->data;
  const bool is_switched = data.kind == schema::DataKind::switched;
  if (is_switched && data.cases.empty()) return kNoNode;
  Fragment fragment;
  if (!build_value(tree.format(), site, is_switched ? data.cases.front().type : data, fragment)) return kNoNode;
  return append(editor, array, std::move(fragment));
}

NodeId append_element(Editor& editor, NodeId array) {
  const Tree& tree = editor.tree();
  const NodeId last = last_of(tree, array);
  return last == kNoNode ? append_minimal(editor, array) : append(editor, array, copy_subtree(tree, last));
}

}  // namespace sluice::mutate
