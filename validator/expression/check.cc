#include "validator/expression/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "validator/expression/checker.h"
#include "validator/expression/operators.h"

namespace sluice::expression {
namespace {

// /^[a-z][a-z0-9_]*$/
bool is_valid_id(std::string_view name) {
  const auto is_lower = [](char c) { return 'a' <= c && c <= 'z'; };
  const auto is_part = [&](char c) { return is_lower(c) || ('0' <= c && c <= '9') || c == '_'; };
  return !name.empty() && is_lower(name[0]) && std::ranges::all_of(name, is_part);
}

// The compiler of record takes small literals for bytes.
Type type_of_literal(Integer value) {
  Type type = Type::integer();
  if (value <= 255) type.spelling = value <= 127 ? "Int1Type(true)" : "Int1Type(false)";
  return type;
}

bool is_byte_literal(const ExprPtr& e) { return e->kind == ExprKind::integer && e->value <= 255; }

std::string path_text(const std::vector<std::string>& path) { return fmt::format("{}", fmt::join(path, "::")); }

}  // namespace

bool Checker::fail(const Expr& e, std::string message) {
  error_ = {e.column, std::move(message)};
  return false;
}

bool Checker::unknown_name(const Expr& e, const std::string& context) {
  if (!is_valid_id(e.text)) return fail(e, fmt::format("invalid ID: '{}', expected /^[a-z][a-z0-9_]*$/", e.text));
  return fail(e, fmt::format("unable to access '{}' in {} context", e.text, context));
}

bool Checker::bind(Expr& e, const Scope::Named& named) {
  e.binding = named.binding;
  e.type = named.type;
  return true;
}

bool Checker::bind_size(Expr& e, Integer bits) {
  e.binding.kind = Binding::Kind::size_of;
  e.binding.size = e.bits ? bits : (bits + 7) / 8;
  e.type = Type::integer();
  return true;
}

bool Checker::check_children(Expr& e) {
  return std::ranges::all_of(e.children, [this](const ExprPtr& child) { return check(*child); });
}

bool Checker::check(Expr& e) {
  // A type that does not exist is told before what is cast to it, as the compiler of record does.
  if (e.kind == ExprKind::cast) return check_cast(e) && check_children(e);
  if (!check_children(e)) return false;
  switch (e.kind) {
    case ExprKind::integer: e.type = type_of_literal(e.value); return true;
    case ExprKind::floating: e.type = Type::floating(); return true;
    case ExprKind::boolean: e.type = Type::boolean(); return true;
    case ExprKind::string: e.type = Type::string(); return true;
    case ExprKind::fstring: return check_fstring(e);
    case ExprKind::array: return check_array(e);
    case ExprKind::name: return check_name(e);
    case ExprKind::enum_label: return check_enum_label(e);
    case ExprKind::unary: return check_unary(e);
    case ExprKind::binary: return check_binary(e);
    case ExprKind::conditional: return check_conditional(e);
    case ExprKind::attribute: return check_attribute(e);
    case ExprKind::call: return check_call(e);
    case ExprKind::subscript: return check_subscript(e);
    case ExprKind::cast: break;  // above
    case ExprKind::size_of_type: return check_size_of_type(e);
  }
  return false;
}

bool Checker::check_fstring(Expr& e) {
  for (const ExprPtr& child : e.children) {
    const Type& type = child->type;
    if (type.is(TypeKind::string) || type.is(TypeKind::integer) || type.is(TypeKind::unknown)) continue;
    return fail(*child, fmt::format("unable to convert {} to string", describe(type)));
  }
  e.type = Type::string();
  return true;
}

// A list of literals that are all bytes is a byte array, the empty list too; any other is a true array.
bool Checker::check_array(Expr& e) {
  e.type = Type::bytes();
  if (std::ranges::all_of(e.children, is_byte_literal)) return true;
  Type element = e.children[0]->type;
  for (const ExprPtr& child : e.children) {
    std::optional<Type> both = combine(element, child->type);
    if (!both) {
      return fail(*child,
                  fmt::format("can't combine output types: {} vs {}", describe(element), describe(child->type)));
    }
    element = *std::move(both);
  }
  e.type = Type::array(std::move(element));
  return true;
}

bool Checker::check_name(Expr& e) {
  if (const std::optional<Scope::Named> named = scope_.name(e.text)) return bind(e, *named);
  const std::optional<TypeId> type = scope_.current_type();
  if (e.text != "_sizeof" || !type) return unknown_name(e, scope_.context_name());
  if (const std::optional<Integer> bits = scope_.size_of_type(*type)) return bind_size(e, *bits);
  return fail(e, fmt::format("unable to derive sizeof for type `{}`: dynamic sized type", scope_.type_name(*type)));
}

bool Checker::check_enum_label(Expr& e) {
  const std::optional<EnumId> id = scope_.find_enum(e.path, e.path_is_absolute);
  if (!id) {
    return fail(e,
                fmt::format("unable to find enum '{}', searching from {}", path_text(e.path), scope_.context_name()));
  }
  const std::optional<Integer> value = scope_.enum_value(*id, e.text);
  if (!value) {
    return fail(e, fmt::format("unable to find enum member '{}::{}' (enum '{}' defined at {})", path_text(e.path),
                               e.text, scope_.enum_name(*id), scope_.enum_path(*id)));
  }
  e.value = *value;
  e.type = Type::enumeration(*id);
  return true;
}

bool Checker::check_unary(Expr& e) {
  const Type& operand = e.children[0]->type;
  const bool logical = e.unary_op == UnaryOp::logical_not;
  e.type = logical ? Type::boolean() : Type::of(operand.kind);
  if (operand.is(TypeKind::unknown)) return true;
  if (logical && operand.is(TypeKind::boolean)) return true;
  if (!logical && operand.is(TypeKind::integer)) return true;
  if (e.unary_op == UnaryOp::negate && operand.is(TypeKind::floating)) return true;
  return fail(e, fmt::format("unable to apply unary operator {} to {}", row_of(e.unary_op).name, describe(operand)));
}

bool Checker::check_binary(Expr& e) {
  const BinaryOperator& row = row_of(e.binary_op);
  switch (row.level) {
    case Level::logical_or:
    case Level::logical_and:
      e.type = Type::boolean();
      for (const ExprPtr& child : e.children) {
        if (child->type.is(TypeKind::boolean) || child->type.is(TypeKind::unknown)) continue;
        return fail(*child,
                    fmt::format("unable to use {} argument in {} boolean expression", describe(child->type), row.name));
      }
      return true;
    case Level::comparison: {
      e.type = Type::boolean();
      std::string problem = comparison_problem(e.children[0]->type, e.children[1]->type, e.binary_op, scope_);
      return problem.empty() || fail(e, std::move(problem));
    }
    default: return check_arithmetic(e);
  }
}

// Floats know + - * / only: bits and remainders of floats differ between languages.
bool Checker::check_arithmetic(Expr& e) {
  const Type& a = e.children[0]->type;
  const Type& b = e.children[1]->type;
  const BinaryOperator& row = row_of(e.binary_op);
  if (a.is(TypeKind::unknown) || b.is(TypeKind::unknown)) return true;
  if (a.is(TypeKind::integer) && b.is(TypeKind::integer)) {
    e.type = Type::integer();
  } else if (a.is_numeric() && b.is_numeric() && row.level >= Level::sum && e.binary_op != BinaryOp::modulo) {
    e.type = Type::floating();
  } else if (a.is(TypeKind::string) && b.is(TypeKind::string) && e.binary_op == BinaryOp::add) {
    e.type = Type::string();
  } else {
    return fail(e, fmt::format("can't apply operator {} to {} and {}", row.name, describe(a), describe(b)));
  }
  return true;
}

bool Checker::check_conditional(Expr& e) {
  const Type& condition = e.children[0]->type;
  if (!condition.is(TypeKind::boolean) && !condition.is(TypeKind::unknown)) {
    return fail(*e.children[0], fmt::format("unable to switch over {}", describe(condition)));
  }
  const Type& a = e.children[1]->type;
  const Type& b = e.children[2]->type;
  std::optional<Type> both = combine(a, b);
  if (!both) return fail(e, fmt::format("can't combine output types: {} vs {}", describe(a), describe(b)));
  e.type = *std::move(both);
  return true;
}

bool Checker::check_subscript(Expr& e) {
  const Type& container = e.children[0]->type;
  const Type& index = e.children[1]->type;
  if (container.is(TypeKind::unknown)) return true;
  if (!container.is(TypeKind::array) && !container.is(TypeKind::bytes)) {
    return fail(e, fmt::format("unable to apply operation [] to {}", describe(container)));
  }
  if (!index.is(TypeKind::integer) && !index.is(TypeKind::unknown)) {
    return fail(*e.children[1], fmt::format("unable to index an array using {}", describe(index)));
  }
  e.type = container.is(TypeKind::array) ? Type(*container.element) : Type::integer();
  return true;
}

// Whether the value is of the type is for the walk to find out.
bool Checker::check_cast(Expr& e) {
  const bool may_be_builtin = e.path.size() == 1 && !e.path_is_absolute;
  if (const std::optional<BuiltinType> builtin = may_be_builtin ? builtin_type(e.path[0]) : std::nullopt) {
    e.type = builtin->type;
  } else if (const std::optional<TypeId> type = scope_.find_type(e.path, e.path_is_absolute)) {
    e.type = Type::structure(*type);
  } else {
    return fail(e,
                fmt::format("unable to find type '{}', searching from {}", path_text(e.path), scope_.context_name()));
  }
  if (e.cast_to_array) e.type = Type::array(std::move(e.type));
  return true;
}

bool Checker::check_size_of_type(Expr& e) {
  const bool may_be_builtin = e.path.size() == 1 && !e.path_is_absolute;
  std::optional<Integer> bits;
  if (const std::optional<BuiltinType> builtin = may_be_builtin ? builtin_type(e.path[0]) : std::nullopt) {
    bits = builtin->bits;
  } else if (const std::optional<TypeId> type = scope_.find_type(e.path, e.path_is_absolute)) {
    bits = scope_.size_of_type(*type);
  } else {
    return fail(e,
                fmt::format("unable to find type '{}', searching from {}", path_text(e.path), scope_.context_name()));
  }
  if (bits) return bind_size(e, *bits);
  return fail(e, fmt::format("unable to derive sizeof for type `{}`: dynamic sized type", path_text(e.path)));
}

bool check_types(Expr& expr, const Scope& scope, TypeError& error) { return Checker(scope, error).check(expr); }

}  // namespace sluice::expression
