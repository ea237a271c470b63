#include "fuzz/mutate/question.h"

#include <algorithm>

namespace sluice::mutate {

namespace {

Known element_term(const Tree& tree, NodeId element) {
  return element == kNoNode ? Known{} : Meaning(tree).value_of(element);
}

bool is_equal(const Known& a, const Known& b) {
  if (a.kind != b.kind) return false;
  return a.is_integer() ? a.number == b.number : a.kind == Known::Kind::text && a.text == b.text;
}

// Standing of a question; `locals` keeps what it aliases.
Standing standing_of(const Tree& tree, const Question& question, std::vector<Known>& locals) {
  if (question.rule != nullptr) locals = locals_of(tree, *question.rule, question.element, question.build);
  Standing at{.self = question.self, .element = element_term(tree, question.element), .locals = locals};
  if (question.element != kNoNode) at.index = tree[question.element].index;
  at.build = question.build;
  return at;
}

void gather(const Tree& tree, const schema::RulePath& path, std::size_t step, NodeId node, std::size_t limit,
            bool wants_holders, std::vector<NodeId>& out) {
  if (out.size() >= limit) return;
  if (step == path.steps.size()) {
    out.push_back(node);
    return;
  }
  const schema::RulePath::Step& s = path.steps[step];
  if (tree[node].kind != NodeKind::structure || tree[node].type != s.type) return;
  const NodeId child = tree.child_of(node, tree.format().site_of(s.type, s.member));
  if (child == kNoNode) return;
  if (wants_holders && step + 1 == path.steps.size()) {
    out.push_back(child);
    return;
  }
  if (tree[child].kind != NodeKind::array) return gather(tree, path, step + 1, child, limit, wants_holders, out);
  for (NodeId c = child + 1; c < tree[child].end; c = tree[c].end) {
    gather(tree, path, step + 1, c, limit, wants_holders, out);
  }
}

}  // namespace

Known ask(const Tree& tree, const Question& question) {
  std::vector<Known> locals;
  const Standing at = standing_of(tree, question, locals);
  return Meaning(tree).evaluate(*question.expr, at);
}

std::optional<Integer> ask_integer(const Tree& tree, const Question& question) {
  const Known answer = ask(tree, question);
  return answer.is_integer() ? std::optional(answer.number) : std::nullopt;
}

Reads reads_of(const Tree& tree, const Question& question) {
  std::vector<Known> locals;
  const Standing at = standing_of(tree, question, locals);
  Reads reads;
  Meaning meaning(tree);
  meaning.watch(&reads.fields, &reads.numbers);
  (void)meaning.evaluate(*question.expr, at);
  // What the rule's own names come to belongs to the question.
  if (question.rule != nullptr) {
    for (const schema::RuleLocal& local : question.rule->locals) (void)meaning.evaluate(local.value, at);
  }
  std::ranges::sort(reads.numbers);
  const auto same = std::ranges::unique(reads.numbers);
  reads.numbers.erase(same.begin(), same.end());
  return reads;
}

std::vector<NodeId> elements_of(const Tree& tree, const schema::RulePath& path, std::size_t limit) {
  std::vector<NodeId> out;
  if (!tree.is_empty() && !path.empty()) gather(tree, path, 0, 0, limit, false, out);
  return out;
}

std::vector<NodeId> holders_of(const Tree& tree, const schema::RulePath& path) {
  std::vector<NodeId> out;
  if (!tree.is_empty() && !path.empty()) gather(tree, path, 0, 0, kMostNodes, true, out);
  return out;
}

NodeId find_row(const Tree& tree, const schema::RuleTable& table, const Known& key) {
  for (const NodeId row : elements_of(tree, table.in)) {
    const Question question{.expr = table.key.expr.get(), .element = row};
    if (is_equal(ask(tree, question), key)) return row;
  }
  return kNoNode;
}

std::vector<Known> locals_of(const Tree& tree, const schema::Rule& rule, NodeId element,
                             const program::BuildFacts* build) {
  std::vector<Known> locals;
  const auto& tables = tree.format().schema().rules.tables;
  for (const schema::RuleLocal& local : rule.locals) {
    Standing at{.element = element_term(tree, element), .locals = locals};
    if (element != kNoNode) at.index = tree[element].index;
    at.build = build;
    Known value = Meaning(tree).evaluate(local.value, at);
    if (local.table) {
      const NodeId row = find_row(tree, tables[*local.table], value);
      value = row == kNoNode ? Known{} : Known{.kind = Known::Kind::node, .node = row};
    }
    locals.push_back(value);
  }
  return locals;
}

bool solve(Tree& tree, NodeId field, const std::function<std::optional<Integer>(const Tree&)>& value, Integer wanted) {
  if (!tree[field].is_number()) return false;
  const Integer before = tree.integer(field);
  const auto at_first = value(tree);
  if (!at_first) return false;
  if (*at_first == wanted) {
    tree.set_flag(field, node_flag::pinned);
    return true;
  }
  const Integer beside = before < most_of(tree[field]) ? before + 1 : before - 1;
  (void)tree.set_integer(field, beside);
  const auto at_second = value(tree);
  const Integer slope = at_second ? (*at_second - *at_first) * (beside - before) : 0;
  const Integer difference = wanted - *at_first;
  if (slope != 0 && difference % slope == 0) {
    const Integer there = before + difference / slope;
    const bool fits = there >= least_of(tree[field]) && there <= most_of(tree[field]);
    if (fits && tree.set_integer(field, there) && value(tree) == wanted) {
      tree.set_flag(field, node_flag::pinned);
      return true;
    }
  }
  (void)tree.set_integer(field, before);
  return false;
}

bool solve(Tree& tree, NodeId field, const Question& question, Integer wanted) {
  return solve(tree, field, [&](const Tree& t) { return ask_integer(t, question); }, wanted);
}

bool set_text(Tree& tree, NodeId field, std::string_view text) {
  const Node& node = tree[field];
  if ((node.kind != NodeKind::text && node.kind != NodeKind::bytes) || node.site == kNoSite) return false;
  const schema::Member& member = *tree.format().site(node.site).member;
  if (text.size() > node.size() || member.contents) return false;
  const bool is_exact = !member.sizing.pad_right && !member.sizing.terminator;
  if (is_exact && text.size() != node.size()) return false;
  std::uint8_t filler = member.sizing.pad_right.value_or(0);
  if (!member.sizing.pad_right && member.sizing.terminator) filler = member.sizing.terminator->front();
  std::vector<std::uint8_t> bytes(node.size(), filler);
  std::ranges::copy(text, bytes.begin());
  tree.set_flag(field, node_flag::pinned);
  tree.overwrite(node.from, bytes);
  return true;
}

}  // namespace sluice::mutate
