// A scope of a few names, as a schema would offer it:
//
//   top:    num u1, wide u4, ratio f8, name str, data bytes (size 3), flag b1, stream io, anything any, later (unknown)
//           nums u4[], words str[], blocks block[], pet animal, food fruit, block (size 12), other (dynamic)
//   block:  a u1, b u4, tail bytes (dynamic)
//   enums:  animal {cat: 4, dog: 7}, fruit {pear: 1}
#pragma once

#include "validator/expression/check.h"

namespace sluice::expression {

class FakeScope : public Scope {
 public:
  [[nodiscard]] std::optional<TypeId> current_type() const override;
  [[nodiscard]] std::optional<Named> name(std::string_view name) const override;
  [[nodiscard]] std::optional<Named> member(TypeId type, std::string_view name) const override;
  [[nodiscard]] std::optional<TypeId> find_type(const std::vector<std::string>& path, bool absolute) const override;
  [[nodiscard]] std::optional<EnumId> find_enum(const std::vector<std::string>& path, bool absolute) const override;
  [[nodiscard]] std::optional<Integer> enum_value(EnumId id, std::string_view label) const override;
  [[nodiscard]] std::optional<Integer> size_of_type(TypeId type) const override;
  [[nodiscard]] std::optional<Integer> size_of_member(TypeId owner, std::uint32_t index) const override;
  [[nodiscard]] std::string type_name(TypeId type) const override;
  [[nodiscard]] std::string enum_name(EnumId id) const override;
  [[nodiscard]] std::string enum_path(EnumId id) const override;
  [[nodiscard]] std::string context_name() const override { return "top"; }
};

}  // namespace sluice::expression
