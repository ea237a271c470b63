#include "tests/expression/fake_scope.h"

namespace sluice::expression {
namespace {

constexpr TypeId kTop = 0, kBlock = 1, kOther = 2;
constexpr EnumId kAnimal = 0, kFruit = 1;
constexpr std::string_view kTypeNames[] = {"top", "block", "other"};
constexpr std::string_view kEnumNames[] = {"animal", "fruit"};

Type spelled(Type type, std::string spelling) {
  type.spelling = std::move(spelling);
  return type;
}

struct Field {
  TypeId owner;
  std::string name;
  Type type;
  std::optional<Integer> bits;
};

const std::vector<Field>& fields() {
  static const std::vector<Field> all = {
      {kTop, "num", spelled(Type::integer(), "Int1Type(false)"), 8},
      {kTop, "wide", Type::integer(), 32},
      {kTop, "ratio", Type::floating(), 64},
      {kTop, "name", Type::string(), {}},
      {kTop, "data", Type::bytes(), 24},
      {kTop, "flag", Type::boolean(), 1},
      {kTop, "stream", Type::stream(), {}},
      {kTop, "anything", Type::of(TypeKind::any), {}},
      {kTop, "later", Type(), {}},
      {kTop, "nums", Type::array(Type::integer()), {}},
      {kTop, "words", Type::array(Type::string()), {}},
      {kTop, "blocks", Type::array(Type::structure(kBlock)), {}},
      {kTop, "pet", Type::enumeration(kAnimal), 8},
      {kTop, "food", Type::enumeration(kFruit), 8},
      {kTop, "block", Type::structure(kBlock), 96},
      {kTop, "other", Type::structure(kOther), {}},
      {kBlock, "a", Type::integer(), 8},
      {kBlock, "b", Type::integer(), 32},
      {kBlock, "tail", Type::bytes(), {}},
  };
  return all;
}

std::optional<Scope::Named> special(std::string_view name) {
  using Kind = Binding::Kind;
  if (name == "_root") return Scope::Named{{Kind::root, kNoType, 0, 0}, Type::structure(kTop)};
  if (name == "_parent") return Scope::Named{{Kind::parent, kNoType, 0, 0}, Type::structure(kNoType)};
  if (name == "_io") return Scope::Named{{Kind::io, kNoType, 0, 0}, Type::stream()};
  return std::nullopt;
}

template <typename Names>
std::optional<std::uint32_t> find(const Names& names, const std::vector<std::string>& path) {
  for (std::uint32_t i = 0; i < std::size(names); ++i) {
    if (path.size() == 1 && names[i] == path[0]) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<TypeId> FakeScope::current_type() const { return kTop; }

std::optional<Scope::Named> FakeScope::name(std::string_view name) const {
  if (name == "_index") return Named{{Binding::Kind::index, kNoType, 0, 0}, Type::integer()};
  return member(kTop, name);
}

std::optional<Scope::Named> FakeScope::member(TypeId type, std::string_view name) const {
  if (const std::optional<Named> found = special(name)) return found;
  for (std::uint32_t i = 0; i < fields().size(); ++i) {
    const Field& field = fields()[i];
    if (field.owner == type && field.name == name) return Named{{Binding::Kind::member, type, i, 0}, field.type};
  }
  return std::nullopt;
}

std::optional<TypeId> FakeScope::find_type(const std::vector<std::string>& path, bool) const {
  return find(kTypeNames, path);
}

std::optional<EnumId> FakeScope::find_enum(const std::vector<std::string>& path, bool) const {
  return find(kEnumNames, path);
}

std::optional<Integer> FakeScope::enum_value(EnumId id, std::string_view label) const {
  if (id == kAnimal && label == "cat") return 4;
  if (id == kAnimal && label == "dog") return 7;
  if (id == kFruit && label == "pear") return 1;
  return std::nullopt;
}

std::optional<Integer> FakeScope::size_of_type(TypeId type) const {
  if (type == kBlock) return 33;  // bits: five bytes
  return std::nullopt;
}

std::optional<Integer> FakeScope::size_of_member(TypeId, std::uint32_t index) const { return fields()[index].bits; }

std::string FakeScope::type_name(TypeId type) const { return std::string(kTypeNames[type]); }
std::string FakeScope::enum_name(EnumId id) const { return std::string(kEnumNames[id]); }
std::string FakeScope::enum_path(EnumId id) const { return "/enums/" + enum_name(id); }

}  // namespace sluice::expression
