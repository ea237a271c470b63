// What types have to do with each other.
#include <fmt/core.h>

#include "validator/expression/check.h"
#include "validator/expression/operators.h"

namespace sluice::expression {
namespace {

bool is_open(const Type& type) { return type.is(TypeKind::unknown) || type.is(TypeKind::any); }

std::optional<Type> combine_same_kind(const Type& a, const Type& b) {
  switch (a.kind) {
    case TypeKind::enumeration:
      if (a.enum_id != b.enum_id) return std::nullopt;
      return Type::enumeration(a.enum_id);
    case TypeKind::structure: return Type::structure(a.type_id == b.type_id ? a.type_id : kNoType);
    case TypeKind::array: {
      std::optional<Type> element = combine(*a.element, *b.element);
      if (!element) return std::nullopt;
      return Type::array(*std::move(element));
    }
    default: return Type::of(a.kind);
  }
}

}  // namespace

std::optional<Type> combine(const Type& a, const Type& b) {
  if (a.is(TypeKind::unknown)) return b;
  if (b.is(TypeKind::unknown)) return a;
  if (a.is(TypeKind::any) || b.is(TypeKind::any)) return Type::of(TypeKind::any);
  if (a.is_numeric() && b.is_numeric() && a.kind != b.kind) return Type::floating();
  if (a.kind != b.kind) return std::nullopt;
  std::optional<Type> both = combine_same_kind(a, b);
  if (both && a.spelling == b.spelling) both->spelling = a.spelling;
  return both;
}

bool is_assignable(const Type& from, const Type& to) {
  if (from.is(TypeKind::unknown) || is_open(to)) return true;
  if (from.is(TypeKind::integer) && to.is(TypeKind::floating)) return true;
  if (from.kind != to.kind) return false;
  switch (to.kind) {
    case TypeKind::enumeration: return from.enum_id == to.enum_id;
    case TypeKind::structure: return to.type_id == kNoType || from.type_id == to.type_id;
    case TypeKind::array: return is_assignable(*from.element, *to.element);
    default: return true;
  }
}

std::string comparison_problem(const Type& a, const Type& b, BinaryOp op, const Scope& scope) {
  if (is_open(a) || is_open(b)) return {};
  const bool ordered = op != BinaryOp::equal && op != BinaryOp::not_equal;
  const auto unordered = [&](std::string_view what) {
    return ordered ? fmt::format("can't use comparison operator {} on {}", row_of(op).name, what) : std::string();
  };
  if (a.is_numeric() && b.is_numeric()) return {};
  if (a.kind == b.kind) {
    if (a.is(TypeKind::string) || a.is(TypeKind::bytes)) return {};
    if (a.is(TypeKind::boolean)) return unordered("booleans");
    if (a.is(TypeKind::enumeration) && a.enum_id == b.enum_id) return unordered("enums");
    if (a.is(TypeKind::enumeration)) {
      return fmt::format("can't compare different enums '{}' and '{}'", scope.enum_name(a.enum_id),
                         scope.enum_name(b.enum_id));
    }
  }
  return fmt::format("can't compare {} and {}", describe(a, scope), describe(b, scope));
}

std::string describe(const Type& type, const Scope& scope) {
  if (!type.spelling.empty()) return type.spelling;
  switch (type.kind) {
    case TypeKind::unknown: return "UnknownType";
    case TypeKind::integer: return "CalcIntType";
    case TypeKind::floating: return "CalcFloatType";
    case TypeKind::boolean: return "CalcBooleanType";
    case TypeKind::string: return "CalcStrType";
    case TypeKind::bytes: return "CalcBytesType";
    case TypeKind::enumeration: return fmt::format("EnumType({},List(),CalcIntType)", scope.enum_name(type.enum_id));
    case TypeKind::structure:
      if (type.type_id == kNoType) return "CalcKaitaiStructType(false)";
      return fmt::format("CalcUserType(List({}),None,List(),false)", scope.type_name(type.type_id));
    case TypeKind::array: return fmt::format("CalcArrayType({},false)", describe(*type.element, scope));
    case TypeKind::stream: return "KaitaiStreamType";
    case TypeKind::any: return "AnyType";
  }
  return {};
}

namespace {

// `2`, `2le`, `8be`: the bytes of a number that is at least two bytes wide.
std::optional<Integer> byte_width(std::string_view text, std::string_view widths) {
  if (text.ends_with("le") || text.ends_with("be")) text.remove_suffix(2);
  if (text.size() != 1 || widths.find(text[0]) == std::string_view::npos) return std::nullopt;
  return text[0] - '0';
}

std::optional<Integer> bit_width(std::string_view text) {
  if (text.ends_with("le") || text.ends_with("be")) text.remove_suffix(2);
  if (text.size() > 2 || text.ends_with('_')) return std::nullopt;
  const std::optional<Integer> width = parse_integer_literal(text);
  if (!width || *width < 1 || *width > 64) return std::nullopt;
  return width;
}

struct NamedType {
  std::string_view name;
  TypeKind kind;
};
constexpr NamedType kNamedTypes[] = {
    {"bytes", TypeKind::bytes},      {"str", TypeKind::string}, {"strz", TypeKind::string}, {"bool", TypeKind::boolean},
    {"struct", TypeKind::structure}, {"io", TypeKind::stream},  {"any", TypeKind::any},
};

}  // namespace

std::optional<BuiltinType> builtin_type(std::string_view name) {
  for (const NamedType& row : kNamedTypes) {
    if (row.name == name) return BuiltinType{Type::of(row.kind), std::nullopt};
  }
  if (name.empty()) return std::nullopt;
  if (name == "u1" || name == "s1") return BuiltinType{Type::integer(), 8};
  const std::string_view rest = name.substr(1);
  if (const std::optional<Integer> bytes = byte_width(rest, "248"); bytes && (name[0] == 'u' || name[0] == 's')) {
    return BuiltinType{Type::integer(), *bytes * 8};
  }
  if (const std::optional<Integer> bytes = byte_width(rest, "48"); bytes && name[0] == 'f') {
    return BuiltinType{Type::floating(), *bytes * 8};
  }
  if (const std::optional<Integer> bits = bit_width(rest); bits && name[0] == 'b') {
    return BuiltinType{*bits == 1 ? Type::boolean() : Type::integer(), bits};
  }
  return std::nullopt;
}

}  // namespace sluice::expression
