// The parser of parse.cc and parse_primary.cc. Private to them.
//
// Recursive descent, one function a construct, operators by precedence. Where the compiler of record has a message for
// a mistake (tests/expression/parse_test.cc shows them), its position and wording are kept: an operator whose operand
// is missing is reported at the operator, as a text that ought to have ended there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "validator/expression/lexer.h"
#include "validator/expression/operators.h"
#include "validator/expression/parse.h"

namespace sluice::expression {

struct Position {
  std::size_t offset;
  std::uint32_t column;
};

// What a function returns that has failed.
struct Failed {
  operator bool() const { return false; }
  operator ExprPtr() const { return nullptr; }
};

class Parser {
 public:
  Parser(std::string_view text, SyntaxError& error) : text_(text), error_(error), lexer_(text) {}

  ExprPtr whole_expression();
  bool whole_type_reference(TypeReference& out);
  bool whole_process_call(ProcessCall& out);

 private:
  class Nesting;  // one level deeper, while it lives

  // From the lowest precedence to the highest. Each returns null when it has failed.
  ExprPtr expression();
  ExprPtr binary(Level min_level);
  ExprPtr logical_not();
  ExprPtr unary();
  ExprPtr postfix();
  ExprPtr primary();

  ExprPtr member_of(ExprPtr object);
  ExprPtr cast(ExprPtr object, std::uint32_t column);
  ExprPtr subscript(ExprPtr object);
  ExprPtr parenthesised();
  ExprPtr array();
  ExprPtr string();
  ExprPtr fstring();
  ExprPtr fstring_expression();
  ExprPtr name();
  ExprPtr size_of_type(bool bits);

  // From the opening token, which is current, to the closing one, which is left current. `closer` is for messages.
  ExprPtr enclosed(std::string_view closer);
  bool arguments(std::vector<ExprPtr>& out);
  bool path(std::vector<std::string>& out, bool& is_absolute);
  bool type_in_angles(Expr& out);

  [[nodiscard]] const BinaryOperator* operator_here() const;
  [[nodiscard]] Position here() const { return {lexer_.token().begin, lexer_.token().column}; }
  [[nodiscard]] bool starts_operand() const;
  // Moves past an operator. Refuses one that no operand follows.
  bool advance_past_operator();
  bool expect(std::string_view symbol);
  bool expect_end();

  ExprPtr node(ExprKind kind, std::uint32_t column) const;
  // `parent` with one more child.
  ExprPtr adopt(ExprPtr parent, ExprPtr child);

  Failed fail(std::string_view expected) { return fail_at(here(), expected); }
  Failed fail_at(Position position, std::string_view expected);

  std::string_view text_;
  SyntaxError& error_;
  Lexer lexer_;
  std::string_view closer_ = "end-of-input";  // what ends the construct that is being read
  std::uint32_t nesting_ = 0;
  bool failed_ = false;
};

class Parser::Nesting {
 public:
  explicit Nesting(Parser& parser) : parser_(parser) { ++parser_.nesting_; }
  ~Nesting() { --parser_.nesting_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;
  [[nodiscard]] bool too_deep() const {
    static_assert(kMaxNesting == 200);
    if (parser_.nesting_ <= kMaxNesting + 1) return false;  // the whole expression is the one
    parser_.fail("at most 200 levels of nesting");
    return true;
  }

 private:
  Parser& parser_;
};

[[nodiscard]] inline bool is_keyword(std::string_view name) { return name == "and" || name == "or" || name == "not"; }

}  // namespace sluice::expression
