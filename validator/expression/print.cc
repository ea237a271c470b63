#include <fmt/core.h>

#include <string_view>

#include "validator/expression/ast.h"
#include "validator/expression/operators.h"

namespace sluice::expression {
namespace {

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += separator;
    out += part;
  }
  return out;
}

std::string type_name(const Expr& e) {
  return (e.path_is_absolute ? "::" : "") + join(e.path, "::") + (e.cast_to_array ? "[]" : "");
}

// A number that is read as a float again: `1.0`, not `1`.
std::string float_text(double number) {
  std::string text = fmt::format("{}", number);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string escaped(std::string_view text, bool in_fstring) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20 || byte == 0x7F || (in_fstring && c == '{')) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string print_list(const Expr& e, std::size_t first) {
  std::string out;
  for (std::size_t i = first; i < e.children.size(); ++i) {
    if (i > first) out += ", ";
    out += print(*e.children[i]);
  }
  return out;
}

std::string print_fstring(const Expr& e) {
  std::string out = "f\"";
  for (const ExprPtr& child : e.children) {
    out += child->kind == ExprKind::string ? escaped(child->text, true) : fmt::format("{{{}}}", print(*child));
  }
  return out + '"';
}

std::string print_unary(UnaryOp op, const std::string& operand) {
  return fmt::format("({}{}{})", row_of(op).symbol, op == UnaryOp::logical_not ? " " : "", operand);
}

// The tree as the compiler of record dumps it.

std::string identifier(std::string_view name) { return fmt::format("identifier({})", name); }

std::string path_list(const std::vector<ExprPtr>& children, std::size_t first) {
  std::string out = "List(";
  for (std::size_t i = first; i < children.size(); ++i) {
    if (i > first) out += ", ";
    out += print_as_path(*children[i]);
  }
  return out + ")";
}

std::string type_id(bool is_absolute, const std::vector<std::string>& names, bool is_array) {
  return fmt::format("typeId({},List({}),{})", is_absolute, join(names, ", "), is_array);
}

std::string type_id(const Expr& e) { return type_id(e.path_is_absolute, e.path, e.cast_to_array); }

std::string enum_label_as_path(const Expr& e) {
  const std::vector<std::string> types(e.path.begin(), e.path.end() - 1);
  return fmt::format("EnumByLabel({},{},{})", identifier(e.path.back()), identifier(e.text),
                     type_id(e.path_is_absolute, types, false));
}

std::string binary_as_path(const Expr& e, const std::string& left, const std::string& right) {
  const BinaryOperator& row = row_of(e.binary_op);
  switch (row.level) {
    case Level::logical_and:
    case Level::logical_or: return fmt::format("BoolOp({},List({}, {}))", row.name, left, right);
    case Level::comparison: return fmt::format("Compare({},{},{})", left, row.name, right);
    default: return fmt::format("BinOp({},{},{})", left, row.name, right);
  }
}

}  // namespace

ExprPtr clone(const Expr& expr) {
  auto out = std::make_unique<Expr>();
  out->kind = expr.kind;
  out->column = expr.column;
  out->value = expr.value;
  out->number = expr.number;
  out->text = expr.text;
  out->path = expr.path;
  out->path_is_absolute = expr.path_is_absolute;
  out->cast_to_array = expr.cast_to_array;
  out->bits = expr.bits;
  out->unary_op = expr.unary_op;
  out->binary_op = expr.binary_op;
  out->height = expr.height;
  out->type = expr.type;
  out->binding = expr.binding;
  out->method = expr.method;
  for (const ExprPtr& child : expr.children) out->children.push_back(clone(*child));
  return out;
}

std::string print(const Expr& e) {
  const auto child = [&e](std::size_t i) { return print(*e.children[i]); };
  switch (e.kind) {
    case ExprKind::integer: return to_string(e.value);
    case ExprKind::floating: return float_text(e.number);
    case ExprKind::boolean: return e.value != 0 ? "true" : "false";
    case ExprKind::string: return fmt::format("\"{}\"", escaped(e.text, false));
    case ExprKind::fstring: return print_fstring(e);
    case ExprKind::array: return fmt::format("[{}]", print_list(e, 0));
    case ExprKind::name: return e.text;
    case ExprKind::enum_label: return fmt::format("{}::{}", type_name(e), e.text);
    case ExprKind::unary: return print_unary(e.unary_op, child(0));
    case ExprKind::binary: return fmt::format("({} {} {})", child(0), row_of(e.binary_op).symbol, child(1));
    case ExprKind::conditional: return fmt::format("({} ? {} : {})", child(0), child(1), child(2));
    case ExprKind::attribute: return fmt::format("{}.{}", child(0), e.text);
    case ExprKind::call: return fmt::format("{}.{}({})", child(0), e.text, print_list(e, 1));
    case ExprKind::subscript: return fmt::format("{}[{}]", child(0), child(1));
    case ExprKind::cast: return fmt::format("{}.as<{}>", child(0), type_name(e));
    case ExprKind::size_of_type: return fmt::format("{}<{}>", e.bits ? "bitsizeof" : "sizeof", type_name(e));
  }
  return {};
}

std::string print_as_path(const Expr& e) {
  const auto child = [&e](std::size_t i) { return print_as_path(*e.children[i]); };
  switch (e.kind) {
    case ExprKind::integer: return fmt::format("IntNum({})", to_string(e.value));
    case ExprKind::floating: return fmt::format("FloatNum({})", float_text(e.number));
    case ExprKind::boolean: return fmt::format("Bool({})", e.value != 0);
    case ExprKind::string: return fmt::format("Str({})", e.text);
    case ExprKind::fstring: return fmt::format("InterpolatedStr({})", path_list(e.children, 0));
    case ExprKind::array: return fmt::format("List({})", path_list(e.children, 0));
    case ExprKind::name: return fmt::format("Name({})", identifier(e.text));
    case ExprKind::enum_label: return enum_label_as_path(e);
    case ExprKind::unary: return fmt::format("UnaryOp({},{})", row_of(e.unary_op).name, child(0));
    case ExprKind::binary: return binary_as_path(e, child(0), child(1));
    case ExprKind::conditional: return fmt::format("IfExp({},{},{})", child(0), child(1), child(2));
    case ExprKind::attribute: return fmt::format("Attribute({},{})", child(0), identifier(e.text));
    case ExprKind::call:
      return fmt::format("Call(Attribute({},{}),{})", child(0), identifier(e.text), path_list(e.children, 1));
    case ExprKind::subscript: return fmt::format("Subscript({},{})", child(0), child(1));
    case ExprKind::cast: return fmt::format("CastToType({},{})", child(0), type_id(e));
    case ExprKind::size_of_type: return fmt::format("{}({})", e.bits ? "BitSizeOfType" : "ByteSizeOfType", type_id(e));
  }
  return {};
}

}  // namespace sluice::expression
