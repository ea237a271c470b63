#include "fuzz/mutate/remedies.h"

#include <algorithm>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/remedy_maker.h"

namespace sluice::mutate {

namespace {

using expression::BinaryOp;
using expression::Expr;
using expression::ExprKind;
using schema::Expression;
using schema::Member;

constexpr std::size_t kMostFields = 24;   // of one question that are tried
constexpr std::size_t kMostNumbers = 24;  // of one field

std::optional<Integer> number_in(std::string_view text) {
  Integer value = 0;
  if (text.empty() || text.size() > 19) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::vector<Remedy> remedies_for(const Tree& tree, const Finding& finding, Random& random) {
  return RemedyMaker(tree, finding, random).make();
}

std::vector<Remedy> RemedyMaker::make() {
  if (tree_.is_empty()) return {};
  node_ = find_path(tree_, finding_.path, rest_);
  const auto rule = std::ranges::find(schema_.rules.rules, finding_.rule, &schema::Rule::id);
  if (!finding_.rule.empty() && rule != schema_.rules.rules.end()) {
    for_rule(*rule);
  } else if (code_of(finding_.id).starts_with("SL03")) {
    for_contract();
  } else {
    for_layout();
  }
  return std::move(out_);
}

void RemedyMaker::set(NodeId field, Integer value) {
  if (value < least_of(tree_[field]) || value > most_of(tree_[field]) || tree_.integer(field) == value) return;
  add([field, value](Editor& editor) {
    editor.pin(field);
    return editor.set(field, value);
  });
}

void RemedyMaker::change(NodeId field, const std::vector<Integer>& numbers) {
  if (!tree_[field].is_number()) return;
  std::vector<Integer> values = named_values(tree_, field);
  const bool is_enum = tree_[field].enum_id != schema::kNoEnum;
  for (std::size_t i = 0; i < std::min(numbers.size(), kMostNumbers) && !is_enum; ++i) {
    for (const Integer offset : {0, -1, 1}) values.push_back(numbers[i] + offset);
  }
  for (const Parameter& p : finding_.parameters) {
    if (const auto number = number_in(p.value)) values.push_back(*number);
  }
  std::vector<Integer> once;
  for (const Integer value : values) {
    if (std::ranges::find(once, value) != once.end()) continue;
    once.push_back(value);
    set(field, value);
  }
}

// Texts that a field may want to be: what it is compared with, names of builds, printable ones.
void RemedyMaker::change_text(NodeId field, const Question& question) {
  const std::uint32_t size = tree_[field].size();
  const auto walk = [&](const auto& self, const Expr& e) -> void {
    if (e.kind == ExprKind::string) {
      add([field, text = e.text](Editor& editor) { return set_text(editor.tree(), field, text); });
    }
    for (const auto& child : e.children) self(self, *child);
  };
  if (question.expr != nullptr) walk(walk, *question.expr);
  for (const program::BuildFacts& build : format_.builds()) {
    add([field, text = build.name](Editor& editor) { return set_text(editor.tree(), field, text); });
  }
  const auto letter = static_cast<char>('A' + random_.below(26));
  for (const std::uint32_t length : {size, size > 0 ? size - 1 : 0, 1u}) {
    add([field, text = std::string(std::min(length, size), letter)](Editor& editor) {
      return set_text(editor.tree(), field, text);
    });
  }
}

// Makes the two sides of each comparison in a condition equal, or differ by one.
void RemedyMaker::compare(const Question& question, const Expr& expr, const std::vector<NodeId>& fields) {
  const bool is_comparison =
      expr.kind == ExprKind::binary && expr.binary_op >= BinaryOp::equal && expr.binary_op <= BinaryOp::greater_equal;
  if (is_comparison) {
    const Question left = question.with(*expr.children[0]);
    const Question right = question.with(*expr.children[1]);
    const auto difference = [left, right](const Tree& tree) -> std::optional<Integer> {
      const auto a = ask_integer(tree, left);
      const auto b = ask_integer(tree, right);
      return a && b ? std::optional(*a - *b) : std::nullopt;
    };
    if (!difference(tree_)) return;
    const bool is_less = expr.binary_op == BinaryOp::less || expr.binary_op == BinaryOp::less_equal;
    for (const Integer wanted : {Integer{0}, is_less ? Integer{-1} : Integer{1}}) {
      for (const NodeId field : fields) {
        add([field, difference, wanted](Editor& editor) { return solve(editor.tree(), field, difference, wanted); });
      }
    }
  }
  for (const auto& child : expr.children) compare(question, *child, fields);
}

namespace {

// Sets fields until the condition holds, both halves of an `and` one after the other.
bool make_hold(Tree& tree, const Question& question) {
  const Expr& e = *question.expr;
  const auto holds = [&] { return ask_integer(tree, question).value_or(0) != 0; };
  if (holds()) return true;
  if (e.kind != ExprKind::binary) return false;
  const Question left = question.with(*e.children[0]);
  const Question right = question.with(*e.children[1]);
  if (e.binary_op == BinaryOp::logical_and) return make_hold(tree, left) && make_hold(tree, right) && holds();
  if (e.binary_op < BinaryOp::equal || e.binary_op > BinaryOp::greater_equal) return false;
  const auto difference = [&](const Tree& t) -> std::optional<Integer> {
    const auto a = ask_integer(t, left);
    const auto b = ask_integer(t, right);
    return a && b ? std::optional(*a - *b) : std::nullopt;
  };
  const bool is_less = e.binary_op == BinaryOp::less || e.binary_op == BinaryOp::less_equal;
  // What was set for the first half is left as it is.
  for (const NodeId field : reads_of(tree, question).fields) {
    if (tree[field].is(node_flag::pinned)) continue;
    for (const Integer wanted : {Integer{0}, is_less ? Integer{-1} : Integer{1}}) {
      const Tree before = tree;
      if (solve(tree, field, difference, wanted) && holds()) return true;
      tree = before;
    }
  }
  return false;
}

}  // namespace

void RemedyMaker::hold(const Question& question) {
  const Expr& e = *question.expr;
  if (e.kind != ExprKind::binary || e.binary_op != BinaryOp::logical_and) return;
  add([question](Editor& editor) { return make_hold(editor.tree(), question); });
}

void RemedyMaker::ask_for(const Question& question) {
  if (question.expr == nullptr) return;
  Reads reads = reads_of(tree_, question);
  if (reads.fields.size() > kMostFields) reads.fields.resize(kMostFields);
  compare(question, *question.expr, reads.fields);
  for (const NodeId field : reads.fields) {
    if (tree_[field].is_number()) {
      change(field, reads.numbers);
    } else {
      change_text(field, question);
    }
  }
  hold(question);
}

void RemedyMaker::drop(NodeId node) {
  if (node == 0 || node == kNoNode || !tree_[node].is(node_flag::element)) return;
  add([node](Editor& editor) {
    editor.erase(node);
    return true;
  });
}

// All that the schema says of one member, as far as it may be what the finding is about.
void RemedyMaker::for_member(NodeId structure, std::uint32_t index, NodeId node) {
  const Member& member = schema_.type(tree_[structure].type).members[index];
  const Question at{.self = structure, .element = node};
  if (node != kNoNode && tree_[node].is_number()) {
    std::vector<Integer> numbers;
    for (const Expression* e : {&member.valid.equal, &member.valid.min, &member.valid.max, &member.valid.expression}) {
      if (!*e) continue;
      const Reads reads = reads_of(tree_, at.with(*e->expr));
      numbers.insert(numbers.end(), reads.numbers.begin(), reads.numbers.end());
    }
    change(node, numbers);
  } else if (node != kNoNode && tree_[node].is_leaf()) {
    change_text(node, {});
  }
  for (const Expression* e : {&member.valid.equal, &member.valid.min, &member.valid.max, &member.valid.expression,
                              &member.sluice_valid, &member.value, &member.condition, &member.data.switch_on,
                              &member.sizing.size, &member.repeat_count, &member.position}) {
    if (*e) ask_for(at.with(*e->expr));
  }
}

void RemedyMaker::for_left_over() {
  if (!finding_.bytes || finding_.bytes->end > tree_.bytes().size()) return;
  explain_bytes(static_cast<std::uint32_t>(finding_.bytes->begin), static_cast<std::uint32_t>(finding_.bytes->end));
}

void RemedyMaker::for_layout() {
  if (node_ == kNoNode) return;
  const NodeId structure = tree_[node_].kind == NodeKind::structure ? node_ : tree_.container_of(node_);
  if (finding_.id == FindingId::trailing_bytes) for_left_over();
  if (structure != kNoNode) {
    std::string_view name = rest_;
    if (!name.empty() && name.front() == '.') name.remove_prefix(1);
    name = name.substr(0, name.find_first_of(".["));
    const auto unread = schema_.type(tree_[structure].type).find_member(name);
    if (!name.empty() && unread) for_member(structure, *unread, kNoNode);
    if (node_ != structure && tree_[node_].site != kNoSite) {
      for_member(structure, format_.site(tree_[node_].site).index, node_);
    }
    if (finding_.id == FindingId::assertion_false || rest_.empty()) {
      for (const schema::Assertion& a : schema_.type(tree_[structure].type).asserts) {
        ask_for({.expr = a.expression.expr.get(), .self = structure});
      }
    }
    // What lies elsewhere may lie in the wrong place: all that is placed on the way to here, this member too.
    if (unread && schema_.type(tree_[structure].type).members[*unread].role == schema::Role::parse_instance) {
      place_again(structure, *unread);
    }
  }
  for (NodeId up = node_; up != kNoNode && up != 0; up = tree_[up].parent) {
    if (!tree_[up].is(node_flag::placed)) continue;
    place_again(tree_.container_of(up), format_.site(tree_[up].site).index);
    break;
  }
  for (NodeId up = node_; up != kNoNode && up != 0; up = tree_[up].parent) drop(up);
}

void RemedyMaker::for_contract() {
  const auto& use = schema_.rules.uses;
  if (finding_.id == FindingId::build_range_differs) {
    const auto& builds = format_.builds();
    if (builds.empty() || !schema_.rules.from || !schema_.rules.to) return;
    const Reads from = reads_of(tree_, {.expr = schema_.rules.from.expr.get()});
    const Reads to = reads_of(tree_, {.expr = schema_.rules.to.expr.get()});
    add([from, to, first = builds.front().name, last = builds.back().name](Editor& editor) {
      bool is_good = true;
      for (const NodeId field : from.fields) is_good = set_text(editor.tree(), field, first) && is_good;
      for (const NodeId field : to.fields) is_good = set_text(editor.tree(), field, last) && is_good;
      return is_good;
    });
    return;
  }
  if (!use || node_ == kNoNode) return;
  if (finding_.id == FindingId::definition_differs) {
    const auto expected = number_in(finding_.parameter("expected"));
    if (!expected || !use->count) return;
    const Question count{.expr = use->count.expr.get(), .element = node_};
    for (const NodeId field : reads_of(tree_, count).fields) {
      add([field, count, wanted = *expected](Editor& editor) { return solve(editor.tree(), field, count, wanted); });
    }
    return;
  }
  // The element, or the field of it that the finding names.
  const NodeId element = tree_[node_].kind == NodeKind::structure ? node_ : tree_.container_of(node_);
  if (element == kNoNode) return;
  std::vector<Integer> types, inputs = {0};
  for (const program::BuildFacts& build : format_.builds()) {
    for (const auto& [type, count] : build.supplies) {
      types.push_back(type);
      inputs.push_back(count - 1);
    }
  }
  for (const NodeId field : reads_of(tree_, {.expr = use->input.expr.get(), .element = element}).fields) {
    change(field, inputs);
  }
  for (const NodeId field : reads_of(tree_, {.expr = use->type.expr.get(), .element = element}).fields) {
    change(field, types);
  }
  if (use->where) {
    for (const NodeId field : reads_of(tree_, {.expr = use->where.expr.get(), .element = element}).fields) {
      change(field, {});
    }
  }
  for (NodeId up = node_; up != kNoNode && up != 0; up = tree_[up].parent) drop(up);
}

}  // namespace sluice::mutate
