// Text -> tokens, one at a time. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "validator/expression/integer.h"

namespace sluice::expression {

enum class TokenKind : std::uint8_t {
  end,
  name,          // `text`; keywords too
  integer,       // `value`
  floating,      // `number`
  string,        // `text`, escapes resolved
  fstring,       // only the opening `f"`; read_fstring_text goes on
  fstring_text,  // `text`; `opens_expression` if it ended at a brace
  symbol,        // an operator or a character that means nothing: see Lexer::symbol
  error,         // `text` says what was expected at `error_at`
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0;  // byte offsets
  std::size_t end = 0;
  std::uint32_t column = 1;  // of `begin`, in characters
  std::size_t error_at = 0;
  std::string text;
  Integer value = 0;
  double number = 0;
  bool opens_expression = false;
};

class Lexer {
 public:
  // `text` is aliased. It must be UTF-8, so that columns and excerpts are of characters.
  explicit Lexer(std::string_view text) : text_(text) { advance(); }

  [[nodiscard]] const Token& token() const { return token_; }
  [[nodiscard]] bool at(TokenKind kind) const { return token_.kind == kind; }
  [[nodiscard]] bool at_symbol(std::string_view symbol) const { return at(TokenKind::symbol) && symbol_ == symbol; }
  [[nodiscard]] bool at_name(std::string_view name) const { return at(TokenKind::name) && token_.text == name; }
  [[nodiscard]] std::string_view symbol() const { return at(TokenKind::symbol) ? symbol_ : std::string_view(); }

  void advance();
  // Moves past one `>`, also where it is the first half of `>>` or `>=`: the end of `.as<type>`.
  void advance_past_angle();
  // From `f"` or from the `}` of an embedded expression to the next `{` or `"`.
  void read_fstring_text();

 private:
  void start_token(std::size_t at);
  void fail(std::size_t at, std::string expected);
  void read_name();
  void read_number();
  void read_floating(std::size_t end);
  void read_symbol();
  void read_raw_string();
  void read_string(bool is_fstring);
  bool read_escape(std::size_t& at, std::string& out);
  bool read_unicode_escape(std::size_t& at, std::string& out);
  [[nodiscard]] char char_at(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
  [[nodiscard]] bool name_follows(std::size_t at) const;

  std::string_view text_;
  std::string_view symbol_;
  Token token_;
};

}  // namespace sluice::expression
