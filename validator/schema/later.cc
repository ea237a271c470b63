#include "validator/schema/later.h"

#include <algorithm>
#include <set>
#include <vector>

#include "validator/schema/expressions.h"

namespace sluice::schema {

namespace {

using expression::Binding;
using expression::Expr;
using expression::Method;

class Later {
 public:
  Later(const Schema& schema, const RulePath& each) : schema_(schema), each_(each) {}

  bool names(const Expression& e) { return look(e) || follow(); }

 private:
  bool look(const Expression& e) { return e && look(*e.expr); }

  bool look(const Expr& e) {
    // What is asked for while a file is read says where reading stands.
    if (e.method == Method::pos || e.method == Method::eof) return true;
    if (e.binding.kind == Binding::Kind::member && look({e.binding.owner, e.binding.index})) return true;
    return std::ranges::any_of(e.children, [this](const auto& child) { return look(*child); });
  }

  bool look(const RulePath::Step& field) {
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
    if (is_instance && instances_.insert(field).second) pending_.push_back(&member);
    return false;
  }

  // What the instances compute that were come to. A schema may chain as many as it likes: no recursion.
  bool follow() {
    while (!pending_.empty()) {
      const Member& member = *pending_.back();
      pending_.pop_back();
      bool is_later = false;
      const auto look_at = [&](const Expression& e) { is_later = is_later || look(e); };
      for_each_expression(member, look_at);
      if (is_later || read(member.data)) return true;
    }
    return false;
  }

  // Of a structure that an instance reads, its fields compute too, its assertions and its byte order.
  bool read(const DataType& data) {
    if (std::ranges::any_of(data.cases, [this](const Case& c) { return read(c.type); })) return true;
    if (data.kind != DataKind::structure || data.type_id == kNoType) return false;
    if (!types_.insert(data.type_id).second) return false;
    const TypeSpec& type = schema_.type(data.type_id);
    for (const Member& member : type.members) pending_.push_back(&member);
    if (std::ranges::any_of(type.asserts, [this](const Assertion& a) { return look(a.expression); })) return true;
    if (!type.endian_switch) return false;
    return look(type.endian_switch->switch_on) ||
           std::ranges::any_of(type.endian_switch->cases, [this](const auto& c) { return look(c.match); });
  }

  const Schema& schema_;
  const RulePath& each_;
  std::set<RulePath::Step> instances_;  // that were come to, ..
  std::set<TypeId> types_;              // .. as were the types that they read, ..
  std::vector<const Member*> pending_;  // .. and what of them is still to be looked at
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
