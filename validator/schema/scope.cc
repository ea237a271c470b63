#include "validator/schema/scope.h"

#include <fmt/core.h>

#include "validator/schema/loader.h"

namespace sluice::schema {
namespace {

using expression::Binding;
using expression::Type;
using expression::TypeKind;

expression::Scope::Named named(Binding::Kind kind, Type type) {
  return {.binding = {.kind = kind}, .type = std::move(type)};
}

TypeId top_of(const Schema& schema, TypeId type) {
  while (schema.type(type).outer != kNoType) type = schema.type(type).outer;
  return type;
}

}  // namespace

std::optional<expression::Scope::Named> SchemaScope::local(std::string_view name) const {
  if (name == "_" && locals_.element != nullptr) return named(Binding::Kind::element, *locals_.element);
  if (name == "_on" && locals_.switch_value != nullptr)
    return named(Binding::Kind::switch_value, *locals_.switch_value);
  if (name == "_index" && locals_.has_index) return named(Binding::Kind::index, Type::integer());
  return std::nullopt;
}

std::optional<expression::Scope::Named> SchemaScope::name(std::string_view name) const {
  if (auto found = local(name)) return found;
  if (auto found = member(context_, name)) return found;
  // Attributes without an id: the compiler of record's test suite calls `_unnamed0` by this name.
  if (name.starts_with("unnamed")) return own_member(context_, fmt::format("_{}", name));
  return std::nullopt;
}

std::optional<expression::Scope::Named> SchemaScope::member(TypeId type, std::string_view name) const {
  if (name == "_io") return named(Binding::Kind::io, Type::stream());
  if (name == "_root") {
    return named(Binding::Kind::root, Type::structure(type == kNoType ? kNoType : top_of(schema_, type)));
  }
  if (name == "_parent") {
    if (type == kNoType) return named(Binding::Kind::parent, Type::structure(kNoType));
    if (inference_ != nullptr) inference_->infer_parent(type);
    return named(Binding::Kind::parent, Type::structure(schema_.type(type).parent_type));
  }
  return type == kNoType ? std::nullopt : own_member(type, name);
}

std::optional<expression::Scope::Named> SchemaScope::own_member(TypeId type, std::string_view name) const {
  const std::optional<std::uint32_t> index = schema_.type(type).find_member(name);
  if (!index) return std::nullopt;
  if (inference_ != nullptr) inference_->infer_member(type, *index);
  return Named{.binding = {.kind = Binding::Kind::member, .owner = type, .index = *index},
               .type = schema_.type(type).members[*index].type};
}

std::optional<TypeId> SchemaScope::find_type(const std::vector<std::string>& path, bool absolute) const {
  return schema::find_type(schema_, context_, path, absolute);
}

std::optional<EnumId> SchemaScope::find_enum(const std::vector<std::string>& path, bool absolute) const {
  return schema::find_enum(schema_, context_, path, absolute);
}

std::optional<Integer> SchemaScope::enum_value(EnumId id, std::string_view label) const {
  const schema::EnumMember* member = schema_.enumeration(id).find(label);
  if (member == nullptr) return std::nullopt;
  return member->value;
}

std::optional<Integer> SchemaScope::size_of_type(TypeId type) const { return schema_.type(type).fixed_bits; }

std::optional<Integer> SchemaScope::size_of_member(TypeId owner, std::uint32_t index) const {
  return fixed_bits(schema_, schema_.type(owner).members[index]);
}

std::string SchemaScope::type_name(TypeId type) const {
  return type == kNoType ? "struct" : schema_.type(type).full_name;
}

}  // namespace sluice::schema
