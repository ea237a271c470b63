#include "validator/schema/later.h"

#include <algorithm>
#include <set>

#include "validator/schema/expressions.h"

namespace sluice::schema {

namespace {

using expression::Binding;
using expression::Expr;
using expression::Method;

class Later {
 public:
  Later(const Schema& schema, const RulePath& each) : schema_(schema), each_(each) {}

  bool names(const Expression& e) { return e && names(*e.expr); }

 private:
  bool names(const Expr& e) {
    // What is asked for while a file is read says where reading stands.
    if (e.method == Method::pos || e.method == Method::eof) return true;
    if (e.binding.kind == Binding::Kind::member && names({e.binding.owner, e.binding.index})) return true;
    return std::ranges::any_of(e.children, [this](const auto& child) { return names(*child); });
  }

  bool names(const RulePath::Step& field) {
    const TypeSpec& type = schema_.type(field.type);
    const Member& member = type.members[field.member];
    const bool is_instance = field.member >= type.first_instance();
    for (const RulePath::Step& step : each_.steps) {
      if (step.type != field.type) continue;
      if (is_instance && member.role == Role::parse_instance && !member.position) return true;
      if (!is_instance && field.member > step.member) return true;
      // The last step's field is the element, which has been read.
      const bool is_element = &step == &each_.steps.back() && member.repeat == RepeatKind::none && !is_instance;
      if (field.member == step.member && !is_element) return true;
    }
    return is_instance && is_new(field) && computes(member);
  }

  bool is_new(const RulePath::Step& field) { return seen_.insert(field).second; }

  template <typename Part>
  bool computes(const Part& part) {
    bool is_later = false;
    for_each_expression(part, [&](const Expression& e) { is_later = is_later || names(e); });
    return is_later;
  }
  bool computes(const Member& member) { return computes<Member>(member) || reads(member.data); }

  // Of a structure that an instance reads, all that its fields compute.
  bool reads(const DataType& data) {
    for (const Case& c : data.cases) {
      if (reads(c.type)) return true;
    }
    const bool is_known =
        data.kind != DataKind::structure || data.type_id == kNoType || !types_.insert(data.type_id).second;
    if (is_known) return false;
    const TypeSpec& type = schema_.type(data.type_id);
    return computes(type) || std::ranges::any_of(type.members, [this](const Member& m) { return reads(m.data); });
  }

  const Schema& schema_;
  const RulePath& each_;
  std::set<RulePath::Step> seen_;  // instances, ..
  std::set<TypeId> types_;         // .. and types that nothing was found in, or that are being looked at
};

}  // namespace

bool names_later(const Schema& schema, const Rule& rule, bool with_message) {
  Later later(schema, rule.each);
  const auto names = [&](const Expression& e) { return later.names(e); };
  return names(rule.where) || std::ranges::any_of(rule.operands, names) ||
         std::ranges::any_of(rule.locals, names, &RuleLocal::value) ||
         (with_message && std::ranges::any_of(rule.message, names, &MessagePart::value));
}

bool names_later(const Schema& schema, const ContractUse& use) {
  Later later(schema, use.each);
  return later.names(use.where) || later.names(use.type) || later.names(use.input) || later.names(use.count) ||
         later.names(use.name);
}

bool names_later(const Schema& schema, const RuleTable& table) { return Later(schema, table.in).names(table.key); }

}  // namespace sluice::schema
