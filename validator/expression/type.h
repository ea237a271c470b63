// The types of the expression language. Types and enums of a schema are known here by number only: this room knows
// expressions, not schemas.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace sluice::expression {

using TypeId = std::uint32_t;
using EnumId = std::uint32_t;
inline constexpr TypeId kNoType = 0xFFFFFFFF;
inline constexpr EnumId kNoEnum = 0xFFFFFFFF;

enum class TypeKind : std::uint8_t {
  unknown,  // an error was already reported: agrees with everything
  integer,
  floating,
  boolean,
  string,
  bytes,
  enumeration,  // enum_id
  structure,    // type_id; kNoType: any structure (`struct`), of which only _root _parent _io are known
  array,        // element
  stream,
  any,  // param type `any`, and a switch whose cases have nothing in common
};

struct Type {
  TypeKind kind = TypeKind::unknown;
  EnumId enum_id = kNoEnum;
  TypeId type_id = kNoType;
  std::shared_ptr<const Type> element = {};

  // How the compiler of record names this type in its messages where that is not derivable: `Int1Type(true)`.
  // For people only; two types that differ in it alone are the same.
  std::string spelling = {};

  static Type of(TypeKind kind) { return Type{.kind = kind}; }
  static Type integer() { return of(TypeKind::integer); }
  static Type floating() { return of(TypeKind::floating); }
  static Type boolean() { return of(TypeKind::boolean); }
  static Type string() { return of(TypeKind::string); }
  static Type bytes() { return of(TypeKind::bytes); }
  static Type stream() { return of(TypeKind::stream); }
  static Type enumeration(EnumId id) {
    Type t = of(TypeKind::enumeration);
    t.enum_id = id;
    return t;
  }
  static Type structure(TypeId id) {
    Type t = of(TypeKind::structure);
    t.type_id = id;
    return t;
  }
  static Type array(Type element) {
    Type t = of(TypeKind::array);
    t.element = std::make_shared<const Type>(std::move(element));
    return t;
  }

  [[nodiscard]] bool is(TypeKind k) const { return kind == k; }
  [[nodiscard]] bool is_numeric() const { return is(TypeKind::integer) || is(TypeKind::floating); }
};

}  // namespace sluice::expression
