// What stands after a dot: members of structures, and the methods of everything else.
#include <fmt/core.h>

#include <algorithm>

#include "validator/expression/checker.h"

namespace sluice::expression {
namespace {

enum class Result : std::uint8_t { integer, string, bytes, boolean, element };

// Parameters: `i` an integer, `s` a string, `S` a string that must be a literal, `b` bytes.
struct MethodRow {
  TypeKind receiver;
  std::string_view name;
  std::string_view parameters;
  Method method;
  Result result;
};

constexpr MethodRow kMethods[] = {
    {TypeKind::integer, "to_s", "", Method::to_s, Result::string},
    {TypeKind::floating, "to_i", "", Method::to_i, Result::integer},
    {TypeKind::boolean, "to_i", "", Method::to_i, Result::integer},
    {TypeKind::enumeration, "to_i", "", Method::to_i, Result::integer},

    {TypeKind::string, "length", "", Method::length, Result::integer},
    {TypeKind::string, "reverse", "", Method::reverse, Result::string},
    {TypeKind::string, "to_i", "", Method::to_i, Result::integer},
    {TypeKind::string, "to_i", "i", Method::to_i, Result::integer},
    {TypeKind::string, "substring", "ii", Method::substring, Result::string},
    {TypeKind::string, "to_b", "S", Method::to_b, Result::bytes},

    {TypeKind::bytes, "length", "", Method::length, Result::integer},
    {TypeKind::bytes, "size", "", Method::size, Result::integer},
    {TypeKind::bytes, "first", "", Method::first, Result::integer},
    {TypeKind::bytes, "last", "", Method::last, Result::integer},
    {TypeKind::bytes, "min", "", Method::min, Result::integer},
    {TypeKind::bytes, "max", "", Method::max, Result::integer},
    {TypeKind::bytes, "to_s", "S", Method::to_s, Result::string},
    {TypeKind::bytes, "index_of", "b", Method::index_of, Result::integer},

    {TypeKind::array, "size", "", Method::size, Result::integer},
    {TypeKind::array, "first", "", Method::first, Result::element},
    {TypeKind::array, "last", "", Method::last, Result::element},
    {TypeKind::array, "min", "", Method::min, Result::element},
    {TypeKind::array, "max", "", Method::max, Result::element},

    {TypeKind::stream, "size", "", Method::size, Result::integer},
    {TypeKind::stream, "pos", "", Method::pos, Result::integer},
    {TypeKind::stream, "eof", "", Method::eof, Result::boolean},
};

std::string_view noun_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::integer: return "integer";
    case TypeKind::floating: return "float";
    case TypeKind::boolean: return "boolean";
    case TypeKind::enumeration: return "enum";
    case TypeKind::string: return "string";
    case TypeKind::bytes: return "byte array";
    case TypeKind::array: return "array";
    case TypeKind::stream: return "stream";
    default: return "value";
  }
}

TypeKind kind_of(char parameter) {
  switch (parameter) {
    case 'i': return TypeKind::integer;
    case 'b': return TypeKind::bytes;
    default: return TypeKind::string;
  }
}

Type type_of(Result result, const Type& receiver) {
  switch (result) {
    case Result::integer: return Type::integer();
    case Result::string: return Type::string();
    case Result::bytes: return Type::bytes();
    case Result::boolean: return Type::boolean();
    case Result::element: return *receiver.element;
  }
  return {};
}

std::string signature(std::string_view parameters) {
  std::string out = "(";
  for (const char parameter : parameters) {
    if (out.size() > 1) out += ", ";
    out += noun_of(kind_of(parameter));
  }
  return out + ")";
}

std::string arguments_text(const Expr& e) {
  std::string out = "(";
  for (std::size_t i = 1; i < e.children.size(); ++i) {
    if (i > 1) out += ", ";
    out += print_as_path(*e.children[i]);
  }
  return out + ")";
}

bool takes(const MethodRow& row, const Expr& e) {
  if (row.parameters.size() + 1 != e.children.size()) return false;
  for (std::size_t i = 0; i < row.parameters.size(); ++i) {
    const Type& type = e.children[i + 1]->type;
    if (!type.is(kind_of(row.parameters[i])) && !type.is(TypeKind::unknown)) return false;
  }
  return true;
}

bool is_ordered(const Type& type) {
  return type.is_numeric() || type.is(TypeKind::string) || type.is(TypeKind::bytes) || type.is(TypeKind::unknown);
}

}  // namespace

bool Checker::check_attribute(Expr& e) {
  const Type& receiver = e.children[0]->type;
  if (e.text == "_sizeof") return check_size_of_value(e);
  if (receiver.is(TypeKind::unknown)) return true;
  return receiver.is(TypeKind::structure) ? check_member(e) : check_method(e);
}

bool Checker::check_call(Expr& e) {
  if (e.children[0]->type.is(TypeKind::unknown)) return true;
  return check_method(e);
}

bool Checker::check_member(Expr& e) {
  const Type& receiver = e.children[0]->type;
  if (const std::optional<Scope::Named> named = scope_.member(receiver.type_id, e.text)) return bind(e, *named);
  if (receiver.type_id != kNoType) return unknown_name(e, scope_.type_name(receiver.type_id));
  return check_method(e);
}

bool Checker::check_method(Expr& e) {
  const Type& receiver = e.children[0]->type;
  std::string expected;
  const MethodRow* found = nullptr;
  for (const MethodRow& row : kMethods) {
    if (row.receiver != receiver.kind || row.name != e.text) continue;
    expected += (expected.empty() ? "" : " or ") + signature(row.parameters);
    if (takes(row, e)) found = &row;
  }
  if (expected.empty()) {
    return fail(e, fmt::format("don't know how to call method '{}' of object type '{}'", e.text, describe(receiver)));
  }
  if (found == nullptr) {
    return fail(e, fmt::format("wrong arguments to method call `{}` on {}: expected {}, got {}", e.text,
                               noun_of(receiver.kind), expected, arguments_text(e)));
  }
  if (found->parameters == "S" && e.children[1]->kind != ExprKind::string) {
    return fail(*e.children[1],
                fmt::format("{}: argument #0: expected string literal, got {}", e.text, print_as_path(*e.children[1])));
  }
  const bool compares = found->method == Method::min || found->method == Method::max;
  if (compares && receiver.is(TypeKind::array) && !is_ordered(*receiver.element)) {
    return fail(e, fmt::format("can't order {} to find the {}", describe(*receiver.element), e.text));
  }
  e.binding.kind = Binding::Kind::method;
  e.method = found->method;
  e.type = type_of(found->result, receiver);
  return true;
}

// `x._sizeof`: how many bytes the member that x names takes, or any value of the structure that x is.
bool Checker::check_size_of_value(Expr& e) {
  const Expr& value = *e.children[0];
  std::optional<Integer> bits;
  if (value.binding.kind == Binding::Kind::member) {
    bits = scope_.size_of_member(value.binding.owner, value.binding.index);
  } else if (value.type.is(TypeKind::structure) && value.type.type_id != kNoType) {
    bits = scope_.size_of_type(value.type.type_id);
  } else if (value.type.is(TypeKind::unknown)) {
    return true;
  }
  if (bits) return bind_size(e, *bits);
  return fail(e, fmt::format("unable to derive sizeof of `{}`: dynamic sized type", print_as_path(value)));
}

}  // namespace sluice::expression
