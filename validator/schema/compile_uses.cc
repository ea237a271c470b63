// Which values expressions ask for: all else need not be kept.
#include "validator/schema/compiler.h"

namespace sluice::schema {

using expression::Binding;
using expression::Expr;
using expression::ExprKind;

namespace {

class Finder {
 public:
  Finder(const Schema& schema, Uses& uses) : uses_(uses) {
    for (const auto& type : schema.types) visit(*type);
    visit(schema.rules);
  }

 private:
  void visit(const TypeSpec& type) {
    for (const Member& m : type.members) visit(m);
    for (const Assertion& a : type.asserts) visit(a.expression);
    visit(type.to_string);
    if (!type.endian_switch) return;
    visit(type.endian_switch->switch_on);
    for (const auto& c : type.endian_switch->cases) visit(c.match);
  }
  // Rows outlive their reading, and with them all that they lie in.
  void visit(const RuleBook& book) {
    for_each_expression(book, [&](const Expression& e) { visit(e); });
    for (const RuleTable& t : book.tables) keep(t.in);
  }
  void keep(const RulePath& path) {
    for (const RulePath::Step& step : path.steps) uses_.members[step.type][step.member] = true;
  }
  void visit(const Member& m) {
    for (const Expression* e :
         {&m.condition, &m.repeat_count, &m.repeat_until, &m.parent, &m.position, &m.io, &m.value, &m.sluice_valid,
          &m.sizing.size, &m.valid.equal, &m.valid.min, &m.valid.max, &m.valid.expression}) {
      visit(*e);
    }
    for (const Expression& e : m.valid.any_of) visit(e);
    for (const Expression& e : m.sizing.process.arguments) visit(e);
    visit(m.data);
  }
  void visit(const DataType& data) {
    for (const Expression& e : data.arguments) visit(e);
    visit(data.switch_on);
    for (const Case& c : data.cases) {
      visit(c.match);
      visit(c.type);
    }
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
