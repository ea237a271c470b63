#include "fuzz/mutate/hints.h"

#include <algorithm>
#include <optional>

namespace sluice::mutate {

using program::RuleKind;

namespace {

void gather(const expression::Expr& e, std::vector<Integer>& out) {
  if (e.kind == expression::ExprKind::integer || e.kind == expression::ExprKind::enum_label) out.push_back(e.value);
  for (const auto& child : e.children) gather(*child, out);
}

void gather(const schema::Expression& e, std::vector<Integer>& out) {
  if (e) gather(*e.expr, out);
}

void gather(const schema::Member& m, std::vector<Integer>& out) {
  for (const schema::Expression* e :
       {&m.condition, &m.repeat_count, &m.repeat_until, &m.position, &m.value, &m.sluice_valid, &m.sizing.size,
        &m.valid.equal, &m.valid.min, &m.valid.max, &m.valid.expression, &m.data.switch_on}) {
    gather(*e, out);
  }
  for (const schema::Expression& e : m.valid.any_of) gather(e, out);
  for (const schema::Case& c : m.data.cases) gather(c.match, out);
}

bool is_descending(const schema::Rule& r) { return r.order.descending; }

// `_.id`, where that is what the rule compares.
std::optional<SiteId> member_of_element(const Format& format, const schema::Rule& r) {
  using Kind = expression::Binding::Kind;
  if (r.operands.empty() || !r.operands.front()) return std::nullopt;
  const expression::Expr& e = *r.operands.front().expr;
  if (e.kind != expression::ExprKind::attribute || e.binding.kind != Kind::member) return std::nullopt;
  if (e.children.front()->binding.kind != Kind::element) return std::nullopt;
  return format.site_of(e.binding.owner, e.binding.index);
}

}  // namespace

bool Hints::is_at(const Node& node, const schema::RulePath& path) const {
  if (path.empty() || node.site == kNoSite || node.kind != NodeKind::structure) return false;
  const auto& last = path.steps.back();
  return node.site == format.site_of(last.type, last.member);
}

bool Hints::is_unused(const Tree& tree, NodeId id) const {
  if (uses.empty() || !is_at(tree[id], *uses.front().each)) return false;
  Evaluator evaluator(tree);
  Scope scope = evaluator.scope_of(id);
  scope.self = 0;
  const auto is_used = evaluator.integer(uses.front().where, scope);
  return is_used && *is_used == 0;
}

Hints::Hints(const Format& f) : format(f) {
  const schema::Schema& schema = format.schema();
  for (const auto& type : schema.types) {
    for (const schema::Member& m : type->members) gather(m, numbers);
    for (const schema::Assertion& a : type->asserts) gather(a.expression, numbers);
  }
  for (const auto& e : schema.enums) {
    for (const schema::EnumMember& m : e->members) numbers.push_back(m.value);
  }
  schema::for_each_expression(schema.rules, [&](const schema::Expression& e) { gather(e, numbers); });
  const auto sort = [](std::vector<Integer>& all) {
    std::ranges::sort(all);
    const auto again = std::ranges::unique(all);
    all.erase(again.begin(), again.end());
  };
  for (const program::BuildFacts& build : format.builds()) {
    for (const auto* table : {&build.supplies, &build.defines}) {
      for (const auto& [type, inputs] : *table) numbers.insert(numbers.end(), {type, inputs});
    }
    for (const auto& [name, cap] : build.caps) caps.push_back(cap);
  }
  numbers.insert(numbers.end(), caps.begin(), caps.end());
  sort(numbers);
  sort(caps);

  for (const schema::Rule& r : schema.rules.rules) {
    const bool refers = r.kind == RuleKind::acyclic || r.kind == RuleKind::limit_depth;
    if (refers && r.operands.size() >= 2) {
      references.push_back(
          {&r.each, Formula(format, r.where), Formula(format, r.operands[0]), Formula(format, r.operands[1])});
    }
    const bool orders_them = r.kind == RuleKind::unique || (r.kind == RuleKind::sorted && !is_descending(r));
    const auto key = orders_them ? member_of_element(format, r) : std::nullopt;
    if (key) orders.push_back({&r.each, *key});
    const bool compares = r.kind == RuleKind::disjoint || r.kind == RuleKind::inside;
    if (compares && r.operands.size() >= 2) {
      ranges.push_back({&r.each, Formula(format, r.operands[0]), Formula(format, r.operands[1])});
    }
  }
  if (schema.rules.uses && schema.rules.uses->where) {
    uses.push_back({&schema.rules.uses->each, Formula(format, schema.rules.uses->where)});
  }
}

}  // namespace sluice::mutate
