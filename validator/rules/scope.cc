#include "validator/rules/scope.h"

#include "validator/schema/ksy_node.h"

#include <algorithm>

namespace sluice::rules {

namespace {

using expression::Binding;
using expression::Expr;
using expression::ExprKind;
using Named = expression::Scope::Named;

// Numbers of no schema's type.
constexpr TypeId kBuild = 0xFFFFFF00;
constexpr TypeId kCaps = 0xFFFFFF01;

// The root of the file, which `_root` is not in an imported type. No schema can use the name.
constexpr std::string_view kTop = "$file";

bool is_ours(TypeId type) { return type == kBuild || type == kCaps; }

Named named(Binding::Kind kind, Type type, std::uint32_t index = 0) {
  return {.binding = {.kind = kind, .index = index}, .type = std::move(type)};
}

}  // namespace

std::optional<Named> RuleScope::name(std::string_view name) const {
  if (names_.locals != nullptr) {
    const auto at = std::ranges::find(*names_.locals, name, &Local::name);
    if (at != names_.locals->end())
      return named(Binding::Kind::local, at->type, static_cast<std::uint32_t>(at - names_.locals->begin()));
  }
  if (name == kTop || name == "_root") return named(Binding::Kind::top, Type::structure(schema_.root));
  if (name == "build" && names_.has_build) return named(Binding::Kind::build, Type::structure(kBuild));
  if (name == "_" || name == "_index") return fields_.name(name);
  return std::nullopt;  // qualify() has given every field its owner
}

std::optional<Named> RuleScope::member(TypeId type, std::string_view name) const {
  if (type == kBuild) {
    if (name == "name") return named(Binding::Kind::build, Type::string(), 0);
    if (name == "support") return named(Binding::Kind::build, Type::string(), 1);
    if (name == "caps") return named(Binding::Kind::build, Type::structure(kCaps));
    if (name == "supplies") return named(Binding::Kind::build_inputs, Type::array(Type::integer()), 0);
    if (name == "defines") return named(Binding::Kind::build_inputs, Type::array(Type::integer()), 1);
    return std::nullopt;
  }
  if (type == kCaps) {
    if (!schema::is_identifier(name)) return std::nullopt;
    auto at = std::ranges::find(caps_, name);
    if (at == caps_.end()) at = caps_.insert(caps_.end(), std::string(name));
    return named(Binding::Kind::build_cap, Type::integer(), static_cast<std::uint32_t>(at - caps_.begin()));
  }
  return fields_.member(type, name);
}

std::optional<Integer> RuleScope::size_of_type(TypeId type) const {
  return is_ours(type) ? std::nullopt : fields_.size_of_type(type);
}

std::optional<Integer> RuleScope::size_of_member(TypeId owner, std::uint32_t index) const {
  return is_ours(owner) ? std::nullopt : fields_.size_of_member(owner, index);
}

std::string RuleScope::type_name(TypeId type) const {
  return type == kBuild ? "build" : type == kCaps ? "build.caps" : fields_.type_name(type);
}

void qualify(Expr& expr, const schema::Schema& schema, const RuleScope::Names& names) {
  for (const auto& child : expr.children) qualify(*child, schema, names);
  if (expr.kind != ExprKind::name || expr.text.empty()) return;
  const bool is_local =
      names.locals != nullptr && std::ranges::find(*names.locals, expr.text, &Local::name) != names.locals->end();
  if (is_local || expr.text == "_" || expr.text == "_index" || expr.text == "_root") return;
  if (expr.text == "build" && names.has_build) return;
  auto owner = std::make_unique<Expr>();
  owner->kind = ExprKind::name;
  owner->column = expr.column;
  owner->text = names.base == RuleScope::Base::element ? "_" : std::string(kTop);
  expr.kind = ExprKind::attribute;
  expr.children.push_back(std::move(owner));
}

}  // namespace sluice::rules
