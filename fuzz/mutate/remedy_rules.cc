// Remedies for rules: conditions over elements, keys that are to be in order, rows that others look up.
#include <algorithm>

#include "fuzz/mutate/remedy_maker.h"
#include "fuzz/mutate/subtree.h"

namespace sluice::mutate {

namespace {

using expression::Expr;
using expression::ExprKind;
using program::RuleKind;
using schema::Rule;
using schema::RuleLocal;
using schema::RuleTable;

constexpr std::size_t kMostRows = 16;      // that a reference is tried with
constexpr std::size_t kMostElements = 32;  // of a rule whose finding names none

// Makes `key` of a row what `wanted` is of an element. Where both are built alike, `a * 65536 + b`, part by part:
// there may be no single field that does it.
bool meet(Tree& tree, const Question& key, const Question& wanted) {
  const Expr& left = *key.expr;
  const Expr& right = *wanted.expr;
  const auto target = ask_integer(tree, wanted);
  if (!target) return false;
  if (ask_integer(tree, key) == target) return true;
  const bool is_alike =
      left.kind == ExprKind::binary && right.kind == ExprKind::binary && left.binary_op == right.binary_op;
  if (is_alike && meet(tree, key.with(*left.children[0]), wanted.with(*right.children[0])) &&
      meet(tree, key.with(*left.children[1]), wanted.with(*right.children[1]))) {
    return true;
  }
  for (const NodeId field : reads_of(tree, key).fields) {
    if (solve(tree, field, key, *target)) return true;
  }
  return false;
}

// `n` as text of a given length, so that texts are in the order of their numbers.
std::string letters(std::uint64_t n, std::size_t length) {
  std::string text(length, 'A');
  for (std::size_t i = length; i-- > 0 && n > 0; n /= 26) text[i] = static_cast<char>('A' + n % 26);
  return text;
}

}  // namespace

void RemedyMaker::for_rule(const Rule& rule) {
  const bool is_about_elements = rule.kind == RuleKind::unique || rule.kind == RuleKind::sorted;
  if (rule.kind == RuleKind::covers) for_left_over();
  std::vector<NodeId> elements;
  if (rule.each.empty()) {
    elements = {kNoNode};
  } else if (node_ != kNoNode && rest_.empty() && node_ != 0) {
    elements = {node_};
  } else {
    elements = elements_of(tree_, rule.each, kMostElements);
  }
  if (is_about_elements) renumber(rule);
  const auto* build = format_.builds().empty() ? nullptr : &format_.builds().front();
  for (const program::BuildFacts& b : format_.builds()) {
    if (b.name == finding_.build) build = &b;
  }
  for (const NodeId element : elements) {
    const bool is_join = finding_.id == FindingId::join_missing || finding_.id == FindingId::join_double;
    for (const RuleLocal& local : rule.locals) {
      if (local.table && is_join) join(rule, local, element);
    }
    const Question at{.element = element, .rule = &rule, .build = build};
    for (const schema::Expression& operand : rule.operands) {
      if (operand && rule.kind == RuleKind::inside) place_last(at.with(*operand.expr));
    }
    for (const schema::Expression& operand : rule.operands) {
      if (operand) ask_for(at.with(*operand.expr));
    }
    if (rule.where) ask_for(at.with(*rule.where.expr));
    for (const RuleLocal& local : rule.locals) {
      if (!local.table && local.value) ask_for(at.with(*local.value.expr));
    }
    drop(element);
  }
  if (rule.each.empty()) return;
  const std::vector<NodeId> all = elements_of(tree_, rule.each);
  if (!all.empty()) drop(all.back());
}

// Keys in rising order, counted from that of the first element; by a step of one.
void RemedyMaker::renumber(const Rule& rule) {
  if (rule.operands.empty() || !rule.operands[0]) return;
  const auto number = [&rule](Tree& tree, bool from_start) {
    std::uint64_t n = 0;
    std::optional<Integer> next;
    for (const NodeId element : elements_of(tree, rule.each)) {
      const Question key{.expr = rule.operands[0].expr.get(), .element = element, .rule = &rule};
      if (rule.where) {
        const auto counts = ask_integer(tree, key.with(*rule.where.expr));
        if (counts == Integer{0}) continue;
      }
      const Known now = ask(tree, key);
      ++n;
      if (now.kind == Known::Kind::text) {
        if (now.node == kNoNode || !set_text(tree, now.node, letters(n, tree[now.node].size()))) return false;
        continue;
      }
      if (!now.is_integer()) return false;
      const Integer step = rule.order.descending ? -1 : 1;
      if (!next) {
        next = from_start ? Integer{1} : now.number;
      }
      const bool is_behind = rule.order.descending ? now.number < *next : now.number > *next;
      if (is_behind && !from_start && rule.kind == RuleKind::sorted) {
        next = now.number + step;
        continue;
      }
      bool is_set = now.number == *next;
      for (const NodeId field : reads_of(tree, key).fields) {
        if (is_set) break;
        is_set = solve(tree, field, key, *next);
      }
      if (!is_set) return false;
      next = *next + step;
    }
    return n > 0;
  };
  add([number](Editor& editor) { return number(editor.tree(), false); });
  add([number](Editor& editor) { return number(editor.tree(), true); });
}

void RemedyMaker::join(const Rule& rule, const RuleLocal& local, NodeId element) {
  const RuleTable& table = schema_.rules.tables[*local.table];
  const Question wanted{.expr = local.value.expr.get(), .element = element, .rule = &rule};
  const Known key = ask(tree_, wanted);
  if (key.kind == Known::Kind::nothing) return;
  std::vector<NodeId> rows;
  for (const NodeId row : elements_of(tree_, table.in)) {
    if (rows.size() == kMostRows) break;
    rows.push_back(row);
  }
  if (finding_.id == FindingId::join_missing) {
    add_row(rule, local, element);
    // A row that is there becomes the one that is looked for; or another is looked for.
    for (const NodeId row : rows) {
      const Question of_row{.expr = table.key.expr.get(), .element = row};
      add([wanted, of_row](Editor& editor) { return meet(editor.tree(), wanted, of_row); });
    }
    for (const NodeId row : rows) {
      const Question of_row{.expr = table.key.expr.get(), .element = row};
      add([wanted, of_row](Editor& editor) { return meet(editor.tree(), of_row, wanted); });
    }
    return;
  }
  // Of the rows with one key all but the first go.
  bool is_first = true;
  for (const NodeId row : rows) {
    const Known other = ask(tree_, {.expr = table.key.expr.get(), .element = row});
    if (!other.is_integer() || !key.is_integer() || other.number != key.number) continue;
    if (!is_first) drop(row);
    is_first = false;
  }
}

void RemedyMaker::add_row(const Rule& rule, const RuleLocal& local, NodeId element) {
  const RuleTable& table = schema_.rules.tables[*local.table];
  const Question wanted{.expr = local.value.expr.get(), .element = element, .rule = &rule};
  for (const NodeId holder : holders_of(tree_, table.in)) {
    if (tree_[holder].kind != NodeKind::array) continue;
    add([&table, wanted, holder](Editor& editor) {
      const NodeId row = append_element(editor, holder);
      Tree& tree = editor.tree();
      if (row == kNoNode) return false;
      // What stands behind the new row has another number now.
      Question moved = wanted;
      if (moved.element != kNoNode && moved.element >= row) moved.element += tree[row].end - row;
      return meet(tree, {.expr = table.key.expr.get(), .element = row}, moved);
    });
    return;
  }
}

}  // namespace sluice::mutate
