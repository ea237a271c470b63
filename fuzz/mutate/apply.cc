// What the verbs do.
#include <algorithm>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/formula.h"
#include "fuzz/mutate/solve.h"
#include "fuzz/mutate/verbs.h"

namespace sluice::mutate {

namespace {

// Whether the node is a character of its element.
bool is_character_of(const Tree& tree, NodeId id) {
  const Node& node = tree[id];
  return node.kind == NodeKind::integer && node.width == 1 && node.site != kNoSite &&
         is_character(*tree.format().site(node.site).member);
}

}  // namespace

void Verbs::set_and_leave(const Step& step, Editor& editor, std::initializer_list<TieKind> kinds) const {
  editor.set(step.node, step.value);
  editor.pin(step.node);
  for (const Reader& reader : ties_.readers(editor.tree()[step.node].site)) {
    if (std::ranges::find(kinds, ties_.all()[reader.tie].kind) != kinds.end()) editor.leave(reader.tie);
  }
  editor.spoil();
}

bool Verbs::apply(const Step& step, Editor& editor, std::span<const Donor> donors,
                  std::span<const std::uint8_t> payload) const {
  const Tree& tree = editor.tree();
  const NodeId id = step.node;
  if (tree.is_empty() || (id == kNoNode ? step.verb != Verb::zero_sector : id >= tree.size())) return false;
  const bool is_number = id != kNoNode && tree[id].is_number();
  const bool is_element = id != kNoNode && tree[id].is(node_flag::element);
  switch (step.verb) {
    case Verb::set_field:
    case Verb::retype:
      if (!is_number || !editor.set(id, step.value)) return false;
      if (step.keeps || step.verb == Verb::retype) editor.pin(id);
      return true;
    case Verb::grow_count:
      if (!is_number) return false;
      set_and_leave(step, editor, {TieKind::count, TieKind::size});
      return true;
    case Verb::point_past_end:
      if (!is_number) return false;
      set_and_leave(step, editor, {TieKind::position, TieKind::size});
      return true;
    case Verb::duplicate: return is_element && duplicate(step, editor);
    case Verb::erase: {
      if (!is_element) return false;
      const NodeId array = tree[id].parent;
      for (Integer i = 0; i < std::min<Integer>(step.value, kMostCopies) && id < tree[array].end; ++i)
        editor.release(id);
      return true;
    }
    case Verb::swap_siblings: {
      if (!is_element || step.other >= tree.size() || tree[step.other].parent != tree[id].parent) return false;
      const NodeId first = std::min(id, step.other), second = std::max(id, step.other);
      if (first == second) return false;
      const NodeId array = tree[first].parent;
      const std::uint32_t from = tree[first].index, to = tree[second].index;
      editor.move_element(second, first);
      const NodeId moved = tree.element_of(array, from + 1);
      const NodeId behind = to + 1 < tree.count_of(array) ? tree.element_of(array, to + 1) : tree[array].end;
      if (moved != kNoNode && behind != kNoNode) editor.move_element(moved, behind);
      return true;
    }
    case Verb::splice: return splice(step, editor, donors);
    case Verb::overlap: return overlap(step, editor);
    case Verb::make_cycle: return make_cycle(step, editor);
    case Verb::truncate_at_field: {
      const auto size = static_cast<Integer>(tree.bytes().size());
      if (step.value < 0 || step.value >= size) return false;
      const auto at = static_cast<std::uint32_t>(step.value);
      editor.erase_bytes(0, at, static_cast<std::uint32_t>(size) - at);
      editor.spoil();
      return true;
    }
    case Verb::zero_sector: {
      const auto size = static_cast<Integer>(tree.bytes().size());
      const Integer from = id == kNoNode ? step.value : tree[id].from;
      const Integer to = id == kNoNode ? std::min(size, from + 512) : size;
      if (from < 0 || from >= to) return false;
      editor.zero(static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to - from));
      editor.spoil();
      return true;
    }
    case Verb::use_unused_field: {
      if (hints_.uses.empty() || !hints_.is_at(tree[id], *hints_.uses.front().each)) return false;
      Random random(step.seed);
      Scope scope = Evaluator(tree).scope_of(id);
      scope.self = 0;
      return Solver(editor, random).settle(hints_.uses.front().where, scope);
    }
    case Verb::insert_new: return insert_new(step, editor);
    case Verb::lengthen: return lengthen(step, editor);
    case Verb::insert_text:
      if (step.from > payload.size() || step.size > payload.size() - step.from) return false;
      return insert_text(step, editor, payload.subspan(step.from, step.size));
    case Verb::change_bytes: {
      if (step.from > payload.size() || step.size > payload.size() - step.from) return false;
      return change_bytes(id, editor, payload.subspan(step.from, step.size));
    }
  }
  return false;
}

bool Verbs::splice(const Step& step, Editor& editor, std::span<const Donor> donors) const {
  const auto donor = std::ranges::find(donors, step.seed, &Donor::hash);
  if (donor == donors.end() || step.other >= donor->tree->size()) return false;
  const Tree& from = *donor->tree;
  const Tree& tree = editor.tree();
  const Node node = tree[step.node];
  const Node& source = from[step.other];
  if (source.site != node.site || source.kind != node.kind || source.site == kNoSite) return false;
  if (source.is_leaf()) {
    if (node.is_number() && source.is_number()) return editor.set(step.node, from.integer(step.other));
    return change_bytes(step.node, editor, from.bytes().subspan(source.from, source.size()));
  }
  if (source.kind != NodeKind::structure || source.is(node_flag::placed) || node.is(node_flag::placed)) return false;
  const bool is_added = node.is(node_flag::element) && step.value == 0;
  const NodeId at = is_added ? node.end : step.node;
  const std::uint32_t offset = is_added ? node.to : node.from;
  if (!editor.graft(from, step.other, node.parent, at, offset)) return false;
  if (!is_added) editor.release(tree[step.node].end);
  if (node.is(node_flag::element)) number_anew(node.parent, step, editor);
  return true;
}

bool Verbs::overlap(const Step& step, Editor& editor) const {
  const Tree& tree = editor.tree();
  if (step.other >= tree.size() || step.value < 0) return false;
  if (step.keeps) {
    if (!tree[step.node].is(node_flag::placed) || !tree[step.other].is(node_flag::placed)) return false;
    const Integer to = tree[step.other].from + step.value;
    const NodeId region = tree.region_of(step.node);
    if (to < tree[region].from || to + tree[step.node].size() > tree[region].to) return false;
    editor.move(step.node, static_cast<std::uint32_t>(to));
    return true;
  }
  if (step.value >= std::ssize(hints_.ranges)) return false;
  const Hints::Range& range = hints_.ranges[static_cast<std::size_t>(step.value)];
  if (!hints_.is_at(tree[step.node], *range.each) || !hints_.is_at(tree[step.other], *range.each)) return false;
  Random random(step.seed);
  Evaluator evaluator(tree);
  Scope scope = evaluator.scope_of(step.other);
  scope.self = 0;
  const auto from = evaluator.integer(range.from, scope);
  const auto size = evaluator.integer(range.size, scope);
  if (!from) return false;
  const auto room = static_cast<std::uint64_t>(std::clamp<Integer>(size.value_or(0), 0, 1 << 20));
  scope = evaluator.scope_of(step.node);
  scope.self = 0;
  return Solver(editor, random)
      .make(range.from, scope, *from + static_cast<Integer>(random.below(room + 1)), kNoSite, kNoNode);
}

bool Verbs::make_cycle(const Step& step, Editor& editor) const {
  const Tree& tree = editor.tree();
  if (step.other == kNoNode) {
    if (!tree[step.node].is_number() || !editor.set(step.node, step.value)) return false;
    editor.pin(step.node);
    return true;
  }
  if (step.other >= tree.size() || step.value < 0 || step.value >= std::ssize(hints_.references)) return false;
  const Hints::Reference& reference = hints_.references[static_cast<std::size_t>(step.value)];
  if (!hints_.is_at(tree[step.node], *reference.each) || !hints_.is_at(tree[step.other], *reference.each)) return false;
  Random random(step.seed);
  Evaluator evaluator(tree);
  const auto refer = [&](NodeId who, NodeId whom) {
    Scope scope = evaluator.scope_of(whom);
    scope.self = 0;
    const auto target = evaluator.integer(reference.node, scope);
    scope = evaluator.scope_of(who);
    scope.self = 0;
    return target && Solver(editor, random).make(reference.to, scope, *target, kNoSite, kNoNode);
  };
  if (step.keeps) {  // no circle: each to the one before it, as deep as the table is long
    constexpr int kDeepest = 64;
    NodeId before = step.node;
    for (int depth = 0; depth < kDeepest; ++depth) {
      const NodeId next = tree.next_sibling(before);
      if (next == kNoNode || !refer(next, before)) return depth != 0;
      before = next;
    }
    return true;
  }
  // There and back again, or to itself.
  if (step.node == step.other) return refer(step.node, step.node);
  return refer(step.node, step.other) && refer(step.other, step.node);
}

bool Verbs::duplicate(const Step& step, Editor& editor) const {
  const Tree& tree = editor.tree();
  const NodeId first = step.node;
  const NodeId array = tree[first].parent;
  const auto times = static_cast<std::uint32_t>(std::clamp<Integer>(step.value, 0, kMostCopies));
  NodeId last = first;
  if (step.other != kNoNode) {
    if (step.other >= tree.size() || step.other <= first || tree[step.other].parent != array) return false;
    last = step.other;
  }
  if (editor.repeat(first, tree[last].end, tree[last].end, times) == 0) return false;
  number_anew(array, step, editor);
  return true;
}

bool Verbs::insert_new(const Step& step, Editor& editor) const {
  const Tree& tree = editor.tree();
  const NodeId array = step.node;
  if (tree[array].kind != NodeKind::array) return false;
  const std::uint32_t count = tree.count_of(array);
  if (step.value < 0 || step.value > count) return false;
  const auto index = static_cast<std::uint32_t>(step.value);
  Scope scope = Evaluator(tree).scope_of(array);
  scope.index = index;
  const schema::DataType* data = case_of(tree, tree[array].site, scope);
  Fragment fragment;
  if (data == nullptr || !build_value(format_, tree[array].site, *data, fragment)) return false;
  const NodeId at = index < count ? tree.element_of(array, index) : tree[array].end;
  const std::uint32_t offset = index < count ? tree[at].from : tree[array].to;
  if (!editor.insert(array, at, array, offset, fragment)) return false;
  number_anew(array, step, editor);
  return true;
}

// With what is there already, from its beginning again.
bool Verbs::lengthen(const Step& step, Editor& editor) const {
  const Tree& tree = editor.tree();
  const Node node = tree[step.node];
  if (node.site == kNoSite || !is_elastic_[node.site] || node.size() == 0 || step.value < 1) return false;
  const auto by = static_cast<std::uint32_t>(std::min(step.value, kMostCopies));
  if (node.kind == NodeKind::array) {
    const NodeId end = tree[step.node].end;
    const std::uint32_t count = tree.count_of(step.node);
    if (count == 0) return true;
    NodeId rest = step.node + 1;  // the end of those that are put in once more than the others
    for (std::uint32_t i = 0; i < by % count; ++i) rest = tree[rest].end;
    if (by >= count && editor.repeat(step.node + 1, end, end, by / count) != by / count) return true;
    return by % count == 0 || editor.repeat(step.node + 1, rest, tree[step.node].end, 1) != 0 || by >= count;
  }
  if (!node.is_leaf() || node.is_number() || by > editor.room()) return false;
  // Without the byte that ends it.
  const schema::Sizing& sizing = format_.site(node.site).member->sizing;
  const std::uint32_t piece = node.size() - (sizing.terminator && !sizing.size ? 1 : 0);
  std::vector<std::uint8_t> more(by, 'a');
  for (std::uint32_t i = 0; i < by && piece != 0; ++i) more[i] = tree.bytes()[node.from + i % piece];
  return editor.insert_bytes(step.node, node.from, more);
}

// Where the text is an array, its elements are copies of one beside the place, with another character.
bool Verbs::insert_text(const Step& step, Editor& editor, std::span<const std::uint8_t> text) const {
  const Tree& tree = editor.tree();
  const Node node = tree[step.node];
  if (node.site == kNoSite || !is_text_[node.site] || step.value < 0 || node.size() == 0 || text.empty()) return false;
  if (node.kind != NodeKind::array) {
    if (!node.is_leaf() || node.is_number() || step.value > node.size() || text.size() > editor.room()) return false;
    return editor.insert_bytes(step.node, node.from + static_cast<std::uint32_t>(step.value), text);
  }
  const std::uint32_t count = tree.count_of(step.node);
  if (count == 0 || step.value > count) return false;
  const auto index = static_cast<std::uint32_t>(step.value);
  const NodeId source = tree.element_of(step.node, index < count ? index : count - 1);
  if (source == kNoNode) return false;
  NodeId at = index < count ? source : tree[step.node].end;
  const std::uint32_t copies = editor.repeat(source, tree[source].end, at, static_cast<std::uint32_t>(text.size()));
  for (std::uint32_t i = 0; i < copies; ++i) {
    NodeId character = at;
    while (character < tree[at].end && !is_character_of(tree, character)) ++character;
    if (character == tree[at].end || !editor.set(character, text[i])) return i != 0;
    editor.pin(character);
    at = tree[at].end;
  }
  return copies != 0;
}

void Verbs::number_anew(NodeId array, const Step& step, Editor& editor) const {
  if (step.seed % 8 == 0) return;  // what two of one key do is worth seeing, too
  const Tree& tree = editor.tree();
  for (const Hints::Order& order : hints_.orders) {
    NodeId element = tree.first_child(array);
    if (element == kNoNode || !hints_.is_at(tree[element], *order.each)) continue;
    std::optional<Integer> before;
    for (; element != kNoNode; element = tree.next_sibling(element)) {
      const NodeId key = tree.child_of(element, order.key);
      if (key == kNoNode || !tree[key].is_number()) break;
      Integer value = tree.integer(key);
      if (before && value <= *before) {
        value = *before + 1;
        if (value > most_of(tree[key]) || !editor.set(key, value)) break;
        editor.pin(key);
      }
      before = value;
    }
  }
}

bool Verbs::change_bytes(NodeId id, Editor& editor, std::span<const std::uint8_t> bytes) const {
  const Tree& tree = editor.tree();
  if (!tree[id].is_leaf()) return false;
  const std::uint32_t have = tree[id].size();
  const auto want = static_cast<std::uint32_t>(bytes.size());
  if (want != have && tree[id].is_number()) return false;
  if (want > have && !editor.fill(id, tree[id].to, want - have, 0)) return false;
  if (want < have) editor.cut(id, have - want);
  editor.overwrite(id, tree[id].from, bytes);
  editor.pin(id);
  return true;
}

}  // namespace sluice::mutate
