// What names mean where an expression of a schema stands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/expression/check.h"
#include "validator/schema/schema.h"

namespace sluice::schema {

// Answers for types that are not known yet. While a schema is loaded the type of a value instance is that of its
// expression, which may name others.
class Inference {
 public:
  virtual ~Inference() = default;
  virtual void infer_member(TypeId owner, std::uint32_t index) = 0;  // fills its `type`
  virtual void infer_parent(TypeId type) = 0;                        // fills its `parent_type`
};

// The names that only some expressions have. Aliases the types.
struct Locals {
  const expression::Type* element = nullptr;       // `_`
  const expression::Type* switch_value = nullptr;  // `_on`
  bool has_index = false;                          // `_index`
};

// Aliases all it is given.
class SchemaScope final : public expression::Scope {
 public:
  SchemaScope(const Schema& schema, TypeId context, Locals locals = {}, Inference* inference = nullptr)
      : schema_(schema), context_(context), locals_(locals), inference_(inference) {}

  [[nodiscard]] std::optional<TypeId> current_type() const override { return context_; }
  [[nodiscard]] std::optional<Named> name(std::string_view name) const override;
  [[nodiscard]] std::optional<Named> member(TypeId type, std::string_view name) const override;
  [[nodiscard]] std::optional<TypeId> find_type(const std::vector<std::string>& path, bool absolute) const override;
  [[nodiscard]] std::optional<EnumId> find_enum(const std::vector<std::string>& path, bool absolute) const override;
  [[nodiscard]] std::optional<Integer> enum_value(EnumId id, std::string_view label) const override;
  [[nodiscard]] std::optional<Integer> size_of_type(TypeId type) const override;
  [[nodiscard]] std::optional<Integer> size_of_member(TypeId owner, std::uint32_t index) const override;

  [[nodiscard]] std::string type_name(TypeId type) const override;
  [[nodiscard]] std::string enum_name(EnumId id) const override { return schema_.enumeration(id).name; }
  [[nodiscard]] std::string enum_path(EnumId id) const override { return schema_.enumeration(id).path; }
  [[nodiscard]] std::string context_name() const override { return type_name(context_); }

 private:
  [[nodiscard]] std::optional<Named> local(std::string_view name) const;
  [[nodiscard]] std::optional<Named> own_member(TypeId type, std::string_view name) const;

  const Schema& schema_;
  TypeId context_;
  Locals locals_;
  Inference* inference_;
};

}  // namespace sluice::schema
