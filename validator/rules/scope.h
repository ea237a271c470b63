// What names mean in the expressions of a rule.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/schema/scope.h"

namespace sluice::rules {

using expression::EnumId;
using expression::Type;
using expression::TypeId;

// Names of a rule beside those of the schema, in the order in which they are computed.
struct Local {
  std::string name;
  Type type;
};

// The names of one expression. A bare name is a local, `build`, or a field of `base`: of the root of the file, or of
// the row of a table. Aliases all it is given.
class RuleScope final : public expression::Scope {
 public:
  enum class Base : std::uint8_t { root, element };
  struct Names {
    TypeId context = expression::kNoType;  // from which types and enums are looked up
    const Type* element = nullptr;         // `_`; null where there is none
    bool has_index = false;
    bool has_build = false;
    Base base = Base::root;
    const std::vector<Local>* locals = nullptr;
  };
  RuleScope(const schema::Schema& schema, const Names& names, std::vector<std::string>& caps)
      : schema_(schema),
        names_(names),
        caps_(caps),
        fields_(schema, names.context, {.element = names.element, .has_index = names.has_index}) {}

  [[nodiscard]] std::optional<TypeId> current_type() const override { return std::nullopt; }
  [[nodiscard]] std::optional<Named> name(std::string_view name) const override;
  [[nodiscard]] std::optional<Named> member(TypeId type, std::string_view name) const override;
  [[nodiscard]] std::optional<TypeId> find_type(const std::vector<std::string>& path, bool absolute) const override {
    return fields_.find_type(path, absolute);
  }
  [[nodiscard]] std::optional<EnumId> find_enum(const std::vector<std::string>& path, bool absolute) const override {
    return fields_.find_enum(path, absolute);
  }
  [[nodiscard]] std::optional<Integer> enum_value(EnumId id, std::string_view label) const override {
    return fields_.enum_value(id, label);
  }
  [[nodiscard]] std::optional<Integer> size_of_type(TypeId type) const override;
  [[nodiscard]] std::optional<Integer> size_of_member(TypeId owner, std::uint32_t index) const override;
  [[nodiscard]] std::string type_name(TypeId type) const override;
  [[nodiscard]] std::string enum_name(EnumId id) const override { return fields_.enum_name(id); }
  [[nodiscard]] std::string enum_path(EnumId id) const override { return fields_.enum_path(id); }
  [[nodiscard]] std::string context_name() const override { return "this rule"; }

 private:
  const schema::Schema& schema_;
  Names names_;
  std::vector<std::string>& caps_;
  schema::SchemaScope fields_;
};

// Gives bare names of fields what they are a field of: `header.x` becomes `_root.header.x` of the file, or
// `_.header.x`.
void qualify(expression::Expr& expr, const schema::Schema& schema, const RuleScope::Names& names);

}  // namespace sluice::rules
