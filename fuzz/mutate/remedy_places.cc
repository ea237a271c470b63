// Remedies for what lies elsewhere in the file: positions and sizes that are fields.
#include <algorithm>

#include "fuzz/mutate/formula.h"
#include "fuzz/mutate/remedy_maker.h"

namespace sluice::mutate {

namespace {

constexpr std::size_t kMostShared = 24;  // places of others that are tried
constexpr std::size_t kMostOwners = 48;  // structures that might explain bytes

// The fields of an expression, those of the structure itself first: what others read too is better left alone.
std::vector<NodeId> fields_of(const Tree& tree, const Question& question) {
  std::vector<NodeId> fields = reads_of(tree, question).fields;
  std::ranges::stable_partition(fields, [&](NodeId f) { return tree.container_of(f) == question.self; });
  return fields;
}

// Sets the first field that can, so that the expression becomes `wanted`.
bool satisfy(Tree& tree, const Question& question, Integer wanted) {
  if (ask_integer(tree, question) == wanted) return true;
  for (const NodeId field : fields_of(tree, question)) {
    if (solve(tree, field, question, wanted)) return true;
  }
  return false;
}

}  // namespace

NodeId stream_of_place(const Tree& tree, NodeId structure, std::uint32_t index) {
  const schema::Member& member = tree.format().schema().type(tree[structure].type).members[index];
  if (member.io && member.io.expr->kind == expression::ExprKind::attribute && !member.io.expr->children.empty()) {
    const Known owner = ask(tree, {.expr = member.io.expr->children[0].get(), .self = structure});
    if (owner.is_node()) return owner.node;
  }
  return Evaluator(tree).stream_of(structure);
}

// Moves a member to bytes of its stream, which are counted in the file here.
void RemedyMaker::place_at(NodeId structure, std::uint32_t index, std::uint32_t from, std::uint32_t size) {
  const schema::Member& member = schema_.type(tree_[structure].type).members[index];
  const NodeId stream = stream_of_place(tree_, structure, index);
  if (stream == kNoNode || from < tree_[stream].from || !member.position) return;
  const Question position{.expr = member.position.expr.get(), .self = structure};
  const Question length{.expr = member.sizing.size.expr.get(), .self = structure};
  add([position, length, at = from - tree_[stream].from, size, unread = unread_, letter = letter()](Editor& editor) {
    Tree& tree = editor.tree();
    if (unread) {
      const std::vector<std::uint8_t> text(unread->end - unread->begin, letter);
      tree.overwrite(static_cast<std::uint32_t>(unread->begin), text);
    }
    return satisfy(tree, position, at) && (length.expr == nullptr || satisfy(tree, length, size));
  });
}

void RemedyMaker::allocate(NodeId structure, std::uint32_t index, std::uint32_t size) {
  const schema::Member& member = schema_.type(tree_[structure].type).members[index];
  const NodeId stream = stream_of_place(tree_, structure, index);
  if (stream == kNoNode || !member.position) return;
  const Question position{.expr = member.position.expr.get(), .self = structure};
  const Question length{.expr = member.sizing.size.expr.get(), .self = structure};
  add([=, filler = letter()](Editor& editor) {
    Tree& tree = editor.tree();
    const std::uint32_t end = tree[stream].size();
    // A position that is counted in units needs the end to be at one.
    for (std::uint32_t gap = 0; gap < 8; ++gap) {
      if (!satisfy(tree, position, end + gap)) continue;
      if (length.expr != nullptr && !satisfy(tree, length, size)) return false;
      return editor.fill(stream, tree[stream].to, gap + size, filler);
    }
    return false;
  });
}

// What has to lie behind something else is taken to the end: all placed structures that the question is about.
void RemedyMaker::place_last(const Question& question) {
  std::vector<NodeId> placed;
  const auto note = [&](NodeId node) {
    for (; node != kNoNode && node != 0; node = tree_[node].parent) {
      if (tree_[node].is(node_flag::placed) && std::ranges::find(placed, node) == placed.end()) placed.push_back(node);
    }
  };
  if (question.element != kNoNode) note(question.element);
  for (const NodeId field : reads_of(tree_, question).fields) note(field);
  if (placed.size() > kMostShared) placed.resize(kMostShared);
  for (const NodeId node : placed) {
    add([node](Editor& editor) { return editor.move_to_end(node); });
  }
}

void RemedyMaker::place_again(NodeId structure, std::uint32_t index) {
  const SiteId site = format_.site_of(tree_[structure].type, index);
  const NodeId stream = stream_of_place(tree_, structure, index);
  // Where others of the kind lie, then whatever lies in the same stream.
  std::vector<ByteRange> shared;
  for (const bool is_same : {true, false}) {
    for (NodeId n = 0; n < tree_.size() && shared.size() < kMostShared; ++n) {
      if (!tree_[n].is(node_flag::placed) || tree_[n].size() == 0 || (tree_[n].site == site) != is_same) continue;
      const NodeId owner = tree_.container_of(n);
      if (owner == structure || owner == kNoNode) continue;
      if (!is_same && stream_of_place(tree_, owner, format_.site(tree_[n].site).index) != stream) continue;
      const ByteRange range{tree_[n].from, tree_[n].to};
      if (std::ranges::find(shared, range) == shared.end()) shared.push_back(range);
    }
  }
  for (const ByteRange& r : shared) {
    place_at(structure, index, static_cast<std::uint32_t>(r.begin), static_cast<std::uint32_t>(r.end - r.begin));
  }
  for (const std::uint32_t size : {8u, 4u, 16u, 1u, 2u}) allocate(structure, index, size);
  // A smaller part of what others have.
  for (const ByteRange& r : shared) {
    for (const std::uint32_t size : {4u, 1u}) {
      if (size < r.end - r.begin) place_at(structure, index, static_cast<std::uint32_t>(r.begin), size);
    }
  }
}

// Bytes that nobody reads go, or somebody is made to read them: a neighbour is made longer, or somebody moves there.
void RemedyMaker::explain_bytes(std::uint32_t from, std::uint32_t to) {
  add([from, to](Editor& editor) {
    editor.tree().erase_bytes(from, to - from);
    editor.touch_everything();
    return true;
  });
  unread_ = ByteRange{from, to};
  std::vector<NodeId> placed;
  for (NodeId n = 0; n < tree_.size(); ++n) {
    if (tree_[n].is(node_flag::placed)) placed.push_back(n);
  }
  std::ranges::stable_partition(placed, [&](NodeId n) { return tree_[n].to == from || tree_[n].from == to; });
  if (placed.size() > kMostOwners) placed.resize(kMostOwners);
  for (const NodeId n : placed) {
    const NodeId owner = tree_.container_of(n);
    if (owner == kNoNode) continue;
    const std::uint32_t index = format_.site(tree_[n].site).index;
    if (tree_[n].to == from) place_at(owner, index, tree_[n].from, to - tree_[n].from);
    if (tree_[n].from == to) place_at(owner, index, from, tree_[n].to - from);
  }
  for (const NodeId n : placed) {
    const NodeId owner = tree_.container_of(n);
    if (owner != kNoNode) place_at(owner, format_.site(tree_[n].site).index, from, to - from);
  }
  unread_.reset();
}

}  // namespace sluice::mutate
