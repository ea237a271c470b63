#include "validator/difference/plan.h"

#include <algorithm>

#include "validator/expression/check.h"
#include "validator/schema/compile.h"

namespace sluice::difference {

namespace {

using expression::BinaryOp;
using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using program::Tag;
using program::Value;
using schema::DataKind;
using schema::DataType;
using schema::Expression;
using schema::Member;
using schema::RepeatKind;
using schema::Role;
using schema::RulePath;

bool is_arithmetic(BinaryOp op) { return op <= BinaryOp::modulo; }

// `_.field`
std::optional<std::uint32_t> field_of_element(const Expr& e) {
  const bool is_field = e.kind == ExprKind::attribute && e.binding.kind == Binding::Kind::member &&
                        e.children[0]->binding.kind == Binding::Kind::element;
  return is_field ? std::optional(e.binding.index) : std::nullopt;
}

void add_fields_of_element(const Expr& e, std::vector<std::uint32_t>& fields) {
  if (const auto field = field_of_element(e)) {
    if (std::ranges::find(fields, *field) == fields.end()) fields.push_back(*field);
    return;
  }
  for (const auto& child : e.children) add_fields_of_element(*child, fields);
}

std::optional<Value> constant_of(const Expr& e) {
  if (e.kind == ExprKind::string) {
    return Value::bytes({reinterpret_cast<const std::uint8_t*>(e.text.data()), e.text.size()}, Tag::string);
  }
  if (e.kind == ExprKind::boolean) return Value::boolean(e.value != 0);
  if (e.kind == ExprKind::enum_label) return Value::integer(e.value);
  if (const auto value = expression::constant_integer(e)) return Value::integer(*value);
  return std::nullopt;
}

bool holds_structures(const DataType& data) {
  return data.kind == DataKind::structure ||
         std::ranges::any_of(data.cases, [](const schema::Case& c) { return holds_structures(c.type); });
}

class Planner {
 public:
  Planner(const schema::Schema& schema, program::Program& program, Plan& plan)
      : schema_(schema), program_(program), plan_(plan) {}

  void run() {
    for (const auto& type : schema_.types) plan_.members.emplace_back(type->members.size());
    for (const auto& type : schema_.types) {
      for (std::uint32_t k = 0; k < type->members.size(); ++k) plan_member(*type, k);
    }
    plan_keys();
    if (schema_.rules.uses) plan_uses(*schema_.rules.uses);
  }

 private:
  void plan_member(const schema::TypeSpec& type, std::uint32_t index) {
    const Member& m = type.members[index];
    MemberPlan& plan = plan_.members[type.id][index];
    plan.may_be_missing = m.condition || m.repeat != RepeatKind::none;
    plan.holds_structures = holds_structures(m.data);
    if (m.checksum.algorithm != schema::Checksum::Algorithm::none) plan.is_derived = true;
    if (m.valid.equal || m.contents) plan.is_derived = true;
    for (const Expression* e : {&m.position, &m.sizing.size, &m.repeat_count}) {
      if (*e) mark_derived(*e->expr);
    }
    if (m.data.kind == DataKind::switched) plan.switched = plan_switch(m.data);
  }

  // The field itself, or what arithmetic makes of it. What a condition chooses by means more than a place.
  void mark_derived(const Expr& e) {
    if (e.binding.kind == Binding::Kind::member && (e.kind == ExprKind::name || e.kind == ExprKind::attribute)) {
      plan_.members[e.binding.owner][e.binding.index].is_derived = true;
    } else if (e.kind == ExprKind::cast || (e.kind == ExprKind::binary && is_arithmetic(e.binary_op))) {
      for (const auto& child : e.children) mark_derived(*child);
    }
  }

  SwitchPlan plan_switch(const DataType& data) {
    SwitchPlan plan{.on = request(data.switch_on), .cases = {}, .tag = {}};
    const Expr& on = *data.switch_on.expr;
    if (on.binding.kind == Binding::Kind::member && on.type.is(expression::TypeKind::enumeration)) {
      plan.tag = {.type = on.binding.owner, .member = on.binding.index};
    }
    for (const schema::Case& c : data.cases) {
      SwitchPlan::Case& out = plan.cases.emplace_back();
      out.text = c.match ? c.match.text : "_";
      if (!c.match) continue;
      out.constant = constant_of(*c.match.expr);
      if (!out.constant) out.entry = request(c.match);
    }
    // `_` is what remains, wherever it stands.
    std::ranges::stable_partition(plan.cases, [](const auto& c) { return c.constant || c.entry != program::kNoEntry; });
    return plan;
  }

  // Of several ways the first one by a single field wins: it is the shortest to read.
  void plan_keys() {
    const schema::RuleBook& book = schema_.rules;
    for (const schema::RuleTable& table : book.tables) set_key(table.in, table.key);
    for (const schema::Rule& rule : book.rules) {
      if (rule.kind == program::RuleKind::unique && !rule.where && field_of_element(*rule.operands[0].expr)) {
        set_key(rule.each, rule.operands[0]);
      }
    }
    for (const auto& type : schema_.types) {
      for (std::uint32_t k = 0; k < type->members.size(); ++k) plan_key_by_name(type->members[k], type->id, k);
    }
  }

  void set_key(const RulePath& path, const Expression& expression) {
    const RulePath::Step& step = path.steps.back();
    if (schema_.type(step.type).members[step.member].repeat == RepeatKind::none) return;
    std::optional<RecordKey>& key = plan_.members[step.type][step.member].key;
    const auto field = field_of_element(*expression.expr);
    if (key && (key->member || !field)) return;
    key.emplace();
    key->text = expression.text;
    key->member = field;
    if (!field) key->entry = request(expression);
    add_fields_of_element(*expression.expr, key->shown);
  }

  void plan_key_by_name(const Member& m, std::uint32_t type, std::uint32_t index) {
    std::optional<RecordKey>& key = plan_.members[type][index].key;
    if (key || m.repeat == RepeatKind::none || m.data.kind != DataKind::structure ||
        m.data.type_id == schema::kNoType) {
      return;
    }
    const schema::TypeSpec& record = schema_.type(m.data.type_id);
    const auto id = record.find_member("id");
    if (!id || plan_.of(record.id, *id).holds_structures) return;
    const Member& field = record.members[*id];
    const bool is_plain = field.role == Role::sequence && !field.condition && field.repeat == RepeatKind::none &&
                          field.data.kind != DataKind::switched;
    if (is_plain) key = RecordKey{.member = *id, .shown = {*id}, .text = "id"};
  }

  void plan_uses(const schema::ContractUse& use) {
    UsePlan& plan = plan_.uses.emplace();
    for (const RulePath::Step& step : use.each.steps) plan.each.push_back({step.type, step.member});
    if (use.where) plan.where = request(use.where);
    plan.type = request(use.type);
    plan.input = request(use.input);
    if (use.active) plan.active = request(use.active);
    plan.input_member = field_of_element(*use.input.expr);
  }

  std::uint32_t request(const Expression& expression) { return schema::compile_request(schema_, program_, expression); }

  const schema::Schema& schema_;
  program::Program& program_;
  Plan& plan_;
};

}  // namespace

Plan Plan::of(const schema::Schema& schema, program::Program& program) {
  Plan plan;
  Planner(schema, program, plan).run();
  return plan;
}

}  // namespace sluice::difference
