#include "validator/expression/parse.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "validator/bytes/utf8.h"
#include "validator/expression/characters.h"
#include "validator/expression/parser.h"

namespace sluice::expression {
namespace {

// What people write who come from other languages.
constexpr std::pair<std::string_view, std::string_view> kForeign[] = {
    {"&&", "and"}, {"||", "or"}, {"!", "not"}, {"=", "=="}};

std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return out;
}

std::string shortened(std::string_view text) {
  const std::string_view kept = first_characters(text, 200);
  return one_line(kept) + (kept.size() < text.size() ? "..." : "");
}

std::string hint_for(std::string_view rest) {
  if (rest.starts_with("==") || rest.starts_with("!=")) return {};
  for (const auto& [foreign, ours] : kForeign) {
    if (rest.starts_with(foreign)) return fmt::format(", did you mean '{}'?", ours);
  }
  return {};
}

Level next(Level level) { return static_cast<Level>(static_cast<int>(level) + 1); }

bool fits(std::string_view text, SyntaxError& error) {
  if (text.size() > kMaxTextBytes) {
    error = {1, fmt::format("the expression has {} bytes, at most {} are allowed", text.size(), kMaxTextBytes)};
  } else if (bytes::valid_utf8_prefix(text) != text.size()) {
    error = {1, "the expression is not valid UTF-8"};
  } else {
    return true;
  }
  return false;
}

}  // namespace

// The first failure is the one that is told.
Failed Parser::fail_at(Position position, std::string_view expected) {
  if (failed_) return {};
  failed_ = true;
  std::string wanted(expected);
  if (const Token& token = lexer_.token(); token.kind == TokenKind::error) {
    wanted = token.text;
    position = {token.error_at,
                token.column + count_characters(text_.substr(token.begin, token.error_at - token.begin))};
  }
  const std::string_view before = text_.substr(0, position.offset);
  const std::string_view rest = text_.substr(position.offset);
  const std::size_t line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  const std::uint32_t in_line = count_characters(before.substr(before.rfind('\n') + 1)) + 1;
  error_.column = position.column;
  error_.message =
      fmt::format("parsing expression '{}' failed on \"{}\" at position {}:{}, expected {}{}", shortened(text_),
                  one_line(first_characters(rest, 10)), line, in_line, wanted, hint_for(rest));
  return {};
}

ExprPtr Parser::node(ExprKind kind, std::uint32_t column) const {
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->column = column;
  return expr;
}

ExprPtr Parser::adopt(ExprPtr parent, ExprPtr child) {
  if (parent == nullptr || child == nullptr) return nullptr;
  parent->height = std::max(parent->height, child->height + 1);
  parent->children.push_back(std::move(child));
  if (parent->height > kMaxHeight) return fail(fmt::format("at most {} operations in a chain", kMaxHeight));
  return parent;
}

bool Parser::starts_operand() const {
  switch (lexer_.token().kind) {
    case TokenKind::end:
    case TokenKind::fstring_text: return false;
    case TokenKind::name: return !is_keyword(lexer_.token().text) || lexer_.at_name("not");
    case TokenKind::symbol: {
      constexpr std::string_view kStarts[] = {"(", "[", "-", "+", "~", "::"};
      return std::ranges::find(kStarts, lexer_.symbol()) != std::end(kStarts);
    }
    default: return true;
  }
}

bool Parser::advance_past_operator() {
  const Position position = here();
  lexer_.advance();
  if (starts_operand()) return true;
  return fail_at(position, closer_);
}

bool Parser::expect(std::string_view symbol) {
  if (!lexer_.at_symbol(symbol)) return fail(fmt::format("\"{}\"", symbol));
  lexer_.advance();
  return true;
}

bool Parser::expect_end() {
  if (lexer_.at(TokenKind::end)) return true;
  return fail("end-of-input");
}

ExprPtr Parser::whole_expression() {
  ExprPtr expr = expression();
  if (expr == nullptr || !expect_end()) return nullptr;
  return expr;
}

bool Parser::whole_type_reference(TypeReference& out) {
  if (!path(out.path, out.is_absolute)) return false;
  out.has_arguments = lexer_.at_symbol("(");
  if (out.has_arguments && !arguments(out.arguments)) return false;
  return expect_end();
}

bool Parser::whole_process_call(ProcessCall& out) {
  for (bool more = true; more;) {
    if (!lexer_.at(TokenKind::name)) return fail("a name");
    out.name += lexer_.token().text;
    lexer_.advance();
    more = lexer_.at_symbol(".");
    if (more) {
      out.name += '.';
      lexer_.advance();
    }
  }
  if (lexer_.at_symbol("(") && !arguments(out.arguments)) return false;
  return expect_end();
}

ExprPtr Parser::expression() {
  const Nesting nesting(*this);
  if (nesting.too_deep()) return nullptr;
  ExprPtr condition = binary(Level::lowest);
  if (condition == nullptr || !lexer_.at_symbol("?")) return condition;
  ExprPtr conditional = node(ExprKind::conditional, lexer_.token().column);
  if (!advance_past_operator()) return nullptr;
  conditional = adopt(std::move(conditional), std::move(condition));
  conditional = adopt(std::move(conditional), expression());
  if (conditional == nullptr || !expect(":")) return nullptr;
  return adopt(std::move(conditional), expression());
}

const BinaryOperator* Parser::operator_here() const {
  const Token& token = lexer_.token();
  const std::string_view text = token.kind == TokenKind::name ? std::string_view(token.text) : lexer_.symbol();
  for (const BinaryOperator& row : kBinaryOperators) {
    if (row.symbol == text) return &row;
  }
  return nullptr;
}

// `left op right op ...` of operators that bind at least as tightly as `min_level`.
ExprPtr Parser::binary(Level min_level) {
  const bool negated = lexer_.at_name("not") && min_level <= Level::logical_not;
  ExprPtr left = negated ? logical_not() : unary();
  Level max_level = negated ? Level::logical_not : Level::product;
  while (left != nullptr) {
    const BinaryOperator* row = operator_here();
    if (row == nullptr || row->level < min_level || row->level > max_level) break;
    ExprPtr both = node(ExprKind::binary, lexer_.token().column);
    both->binary_op = row->op;
    if (!advance_past_operator()) return nullptr;
    both = adopt(std::move(both), std::move(left));
    left = adopt(std::move(both), binary(next(row->level)));
    max_level = row->level == Level::comparison ? Level::logical_not : row->level;
  }
  return left;
}

ExprPtr Parser::logical_not() {
  const Nesting nesting(*this);
  if (nesting.too_deep()) return nullptr;
  ExprPtr expr = node(ExprKind::unary, lexer_.token().column);
  expr->unary_op = UnaryOp::logical_not;
  if (!advance_past_operator()) return nullptr;
  return adopt(std::move(expr), binary(Level::logical_not));
}

ExprPtr Parser::unary() {
  const bool negate = lexer_.at_symbol("-");
  if (!negate && !lexer_.at_symbol("~") && !lexer_.at_symbol("+")) return postfix();
  const Nesting nesting(*this);
  if (nesting.too_deep()) return nullptr;
  const bool is_plus = lexer_.at_symbol("+");
  ExprPtr expr = node(ExprKind::unary, lexer_.token().column);
  expr->unary_op = negate ? UnaryOp::negate : UnaryOp::invert;
  if (!advance_past_operator()) return nullptr;
  ExprPtr operand = unary();
  return is_plus ? std::move(operand) : adopt(std::move(expr), std::move(operand));
}

ExprPtr parse(std::string_view text, SyntaxError& error) {
  return fits(text, error) ? Parser(text, error).whole_expression() : nullptr;
}

bool parse_type_reference(std::string_view text, TypeReference& out, SyntaxError& error) {
  out = {};
  return fits(text, error) && Parser(text, error).whole_type_reference(out);
}

bool parse_process_call(std::string_view text, ProcessCall& out, SyntaxError& error) {
  out = {};
  return fits(text, error) && Parser(text, error).whole_process_call(out);
}

}  // namespace sluice::expression
