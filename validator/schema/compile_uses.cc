// Which values expressions ask for: all else need not be kept.
#include "validator/schema/compiler.h"
#include "validator/schema/expressions.h"

namespace sluice::schema {

using expression::Binding;
using expression::Expr;
using expression::ExprKind;

namespace {

class Finder {
 public:
  Finder(const Schema& schema, Uses& uses) : uses_(uses) {
    const auto visit_it = [this](const Expression& e) { visit(e); };
    for (const auto& type : schema.types) for_each_expression(*type, visit_it);
    for_each_expression(schema.rules, visit_it);
    for (const RuleTable& t : schema.rules.tables) keep(t.in);
  }

 private:
  // Rows outlive their reading, and with them all that they lie in.
  void keep(const RulePath& path) {
    for (const RulePath::Step& step : path.steps) uses_.members[step.type][step.member] = true;
  }
  void visit(const Expression& e) {
    if (e) visit(*e.expr);
  }
  void visit(const Expr& e) {
    if (e.binding.kind == Binding::Kind::member) uses_.members[e.binding.owner][e.binding.index] = true;
    if (e.binding.kind == Binding::Kind::io && e.kind == ExprKind::attribute) mark_stream(*e.children[0]);
    for (const auto& child : e.children) visit(*child);
  }
  // `a.b._io`, `a.b[3]._io`, `a.b.as<t>._io`: the structure's stream is read from elsewhere.
  void mark_stream(const Expr& e) {
    if (e.binding.kind == Binding::Kind::member) uses_.streams[e.binding.owner][e.binding.index] = true;
    for (const auto& child : e.children) mark_stream(*child);
  }

  Uses& uses_;
};

}  // namespace

Uses Uses::of(const Schema& schema) {
  Uses uses;
  for (const auto& type : schema.types) {
    uses.members.emplace_back(type->members.size(), false);
    uses.streams.emplace_back(type->members.size(), false);
  }
  Finder(schema, uses);
  return uses;
}

}  // namespace sluice::schema
