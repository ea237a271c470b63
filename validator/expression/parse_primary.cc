#include <fmt/core.h>

#include <utility>

#include "validator/expression/parser.h"

namespace sluice::expression {

ExprPtr Parser::postfix() {
  ExprPtr expr = primary();
  while (expr != nullptr) {
    if (lexer_.at_symbol(".")) {
      expr = member_of(std::move(expr));
    } else if (lexer_.at_symbol("[")) {
      expr = subscript(std::move(expr));
    } else {
      break;
    }
  }
  return expr;
}

// `.name`, `.name(arguments)`, `.as<type>`
ExprPtr Parser::member_of(ExprPtr object) {
  const Position dot = here();
  lexer_.advance();
  if (lexer_.at(TokenKind::end)) return fail_at(dot, closer_);
  if (!lexer_.at(TokenKind::name)) return fail("a name");
  ExprPtr expr = node(ExprKind::attribute, lexer_.token().column);
  expr->text = lexer_.token().text;
  lexer_.advance();
  if (expr->text == "as" && lexer_.at_symbol("<")) return cast(std::move(object), expr->column);
  expr = adopt(std::move(expr), std::move(object));
  if (expr == nullptr || !lexer_.at_symbol("(")) return expr;
  expr->kind = ExprKind::call;
  std::vector<ExprPtr> list;
  if (!arguments(list)) return nullptr;
  for (ExprPtr& argument : list) expr = adopt(std::move(expr), std::move(argument));
  return expr;
}

ExprPtr Parser::cast(ExprPtr object, std::uint32_t column) {
  ExprPtr expr = adopt(node(ExprKind::cast, column), std::move(object));
  if (expr == nullptr || !type_in_angles(*expr)) return nullptr;
  return expr;
}

ExprPtr Parser::subscript(ExprPtr object) {
  ExprPtr expr = adopt(node(ExprKind::subscript, lexer_.token().column), std::move(object));
  if (expr == nullptr) return nullptr;
  expr = adopt(std::move(expr), enclosed("\"]\""));
  if (expr == nullptr || !expect("]")) return nullptr;
  return expr;
}

ExprPtr Parser::enclosed(std::string_view closer) {
  lexer_.advance();
  const std::string_view outer = std::exchange(closer_, closer);
  ExprPtr expr = expression();
  closer_ = outer;
  return expr;
}

bool Parser::arguments(std::vector<ExprPtr>& out) {
  const Position open = here();
  lexer_.advance();
  if (lexer_.at(TokenKind::end)) return fail_at(open, closer_);
  if (lexer_.at_symbol(")")) {
    lexer_.advance();
    return true;
  }
  const std::string_view outer = std::exchange(closer_, "\")\"");
  for (bool more = true; more;) {
    ExprPtr argument = expression();
    if (argument == nullptr) return false;
    out.push_back(std::move(argument));
    more = lexer_.at_symbol(",");
    if (more && !advance_past_operator()) return false;
  }
  closer_ = outer;
  return expect(")");
}

ExprPtr Parser::primary() {
  const Token& token = lexer_.token();
  switch (token.kind) {
    case TokenKind::integer: {
      ExprPtr expr = node(ExprKind::integer, token.column);
      expr->value = token.value;
      lexer_.advance();
      return expr;
    }
    case TokenKind::floating: {
      ExprPtr expr = node(ExprKind::floating, token.column);
      expr->number = token.number;
      lexer_.advance();
      return expr;
    }
    case TokenKind::string: return string();
    case TokenKind::fstring: return fstring();
    case TokenKind::name: return name();
    default: break;
  }
  if (lexer_.at_symbol("(")) return parenthesised();
  if (lexer_.at_symbol("[")) return array();
  if (lexer_.at_symbol("::")) return name();
  return fail("an expression");
}

ExprPtr Parser::parenthesised() {
  ExprPtr expr = enclosed("\")\"");
  if (expr == nullptr || !expect(")")) return nullptr;
  return expr;
}

ExprPtr Parser::array() {
  ExprPtr expr = node(ExprKind::array, lexer_.token().column);
  lexer_.advance();
  const std::string_view outer = std::exchange(closer_, "\"]\"");
  while (expr != nullptr && !lexer_.at_symbol("]")) {
    expr = adopt(std::move(expr), expression());
    if (expr == nullptr || lexer_.at_symbol("]")) break;
    if (!lexer_.at_symbol(",")) return fail("(\",\" | \"]\")");
    lexer_.advance();
  }
  closer_ = outer;
  if (expr == nullptr || !expect("]")) return nullptr;
  return expr;
}

// Adjacent literals are one.
ExprPtr Parser::string() {
  ExprPtr expr = node(ExprKind::string, lexer_.token().column);
  while (lexer_.at(TokenKind::string)) {
    expr->text += lexer_.token().text;
    lexer_.advance();
  }
  return expr;
}

ExprPtr Parser::fstring() {
  ExprPtr expr = node(ExprKind::fstring, lexer_.token().column);
  while (expr != nullptr) {
    lexer_.read_fstring_text();
    const Token& token = lexer_.token();
    if (token.kind == TokenKind::error) return fail("\"\\\"\"");
    const bool opens_expression = token.opens_expression;
    if (!token.text.empty()) {
      ExprPtr literal = node(ExprKind::string, token.column);
      literal->text = token.text;
      expr = adopt(std::move(expr), std::move(literal));
    }
    if (!opens_expression) break;
    expr = adopt(std::move(expr), fstring_expression());
  }
  if (expr != nullptr) lexer_.advance();
  return expr;
}

// `{expr}`; the closing brace is left current: after it the lexer reads text, not tokens.
ExprPtr Parser::fstring_expression() {
  ExprPtr expr = enclosed("\"}\"");
  if (expr != nullptr && !lexer_.at_symbol("}")) return fail("\"}\"");
  return expr;
}

ExprPtr Parser::name() {
  const Position begin = here();
  if (is_keyword(lexer_.token().text)) return fail("an expression");
  const bool is_size_of = lexer_.at_name("sizeof");
  const bool is_bit_size_of = lexer_.at_name("bitsizeof");
  ExprPtr expr = node(ExprKind::name, begin.column);
  if (!path(expr->path, expr->path_is_absolute)) return nullptr;
  if (expr->path.size() == 1 && (is_size_of || is_bit_size_of) && lexer_.at_symbol("<")) {
    return size_of_type(is_bit_size_of);
  }
  expr->text = std::move(expr->path.back());
  expr->path.pop_back();
  if (expr->path.empty() && expr->path_is_absolute) return fail("\"::\"");
  if (!expr->path.empty()) {
    expr->kind = ExprKind::enum_label;
  } else if (expr->text == "true" || expr->text == "false") {
    expr->kind = ExprKind::boolean;
    expr->value = expr->text == "true" ? 1 : 0;
    expr->text.clear();
  }
  return expr;
}

ExprPtr Parser::size_of_type(bool bits) {
  ExprPtr expr = node(ExprKind::size_of_type, lexer_.token().column);
  expr->bits = bits;
  if (!type_in_angles(*expr)) return nullptr;
  return expr;
}

// `a`, `a::b`, `::a::b`
bool Parser::path(std::vector<std::string>& out, bool& is_absolute) {
  is_absolute = lexer_.at_symbol("::");
  if (is_absolute) lexer_.advance();
  for (;;) {
    if (!lexer_.at(TokenKind::name)) return fail("a name");
    out.push_back(lexer_.token().text);
    lexer_.advance();
    if (!lexer_.at_symbol("::")) return true;
    lexer_.advance();
  }
}

// `<type>`, `<type[]>`
bool Parser::type_in_angles(Expr& out) {
  lexer_.advance();
  if (!path(out.path, out.path_is_absolute)) return false;
  if (lexer_.at_symbol("[")) {
    if (out.kind != ExprKind::cast) return fail("\">\"");
    lexer_.advance();
    if (!expect("]")) return false;
    out.cast_to_array = true;
  }
  if (!lexer_.symbol().starts_with('>')) return fail("\">\"");
  lexer_.advance_past_angle();
  return true;
}

}  // namespace sluice::expression
