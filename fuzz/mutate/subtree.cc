#include "fuzz/mutate/subtree.h"

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

NodeId append(Editor& editor, NodeId array, Fragment fragment) {
  if (fragment.nodes.empty()) return kNoNode;
  fragment.nodes[0].flags |= node_flag::element;
  const NodeId at = editor.tree()[array].end;
  return editor.insert(array, at, array, editor.tree()[array].to, fragment) ? at : kNoNode;
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
  NodeId last = kNoNode;
  for (NodeId c = array + 1; c < tree[array].end; c = tree[c].end) last = c;
  return last == kNoNode ? append_minimal(editor, array) : append(editor, array, copy_subtree(tree, last));
}

}  // namespace sluice::mutate
