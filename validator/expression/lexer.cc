#include "validator/expression/lexer.h"

#include <charconv>
#include <optional>
#include <system_error>

#include "validator/expression/characters.h"

namespace sluice::expression {
namespace {

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool is_digit(char c) { return '0' <= c && c <= '9'; }
constexpr bool is_octal(char c) { return '0' <= c && c <= '7'; }
constexpr bool is_name_start(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '_'; }
constexpr bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

constexpr std::string_view kLongSymbols[] = {"::", "<<", ">>", "<=", ">=", "==", "!="};

struct Escape {
  char letter, meaning;
};
constexpr Escape kEscapes[] = {
    {'a', '\a'}, {'b', '\b'}, {'t', '\t'},  {'n', '\n'}, {'v', '\v'},  {'f', '\f'},
    {'r', '\r'}, {'e', 0x1B}, {'\'', '\''}, {'"', '"'},  {'\\', '\\'},
};

constexpr bool is_surrogate(std::uint32_t unit) { return 0xD800 <= unit && unit <= 0xDFFF; }
constexpr bool is_high_surrogate(std::uint32_t unit) { return 0xD800 <= unit && unit <= 0xDBFF; }
constexpr bool is_low_surrogate(std::uint32_t unit) { return 0xDC00 <= unit && unit <= 0xDFFF; }

// The four hex digits that `text` begins with.
std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, value, 16);
  if (error != std::errc() || end != text.data() + 4) return std::nullopt;
  return value;
}

}  // namespace

void Lexer::advance() {
  std::size_t at = token_.end;
  while (at < text_.size() && is_space(text_[at])) ++at;
  start_token(at);
  if (at == text_.size()) {
    token_.kind = TokenKind::end;
  } else if (const char c = text_[at]; c == '\'') {
    read_raw_string();
  } else if (c == '"') {
    read_string(false);
  } else if (c == 'f' && char_at(at + 1) == '"') {
    token_.kind = TokenKind::fstring;
    token_.end = at + 2;
  } else if (is_name_start(c)) {
    read_name();
  } else if (is_digit(c) || (c == '.' && is_digit(char_at(at + 1)))) {
    read_number();
  } else {
    read_symbol();
  }
}

void Lexer::advance_past_angle() {
  token_.end = token_.begin + 1;
  advance();
}

void Lexer::start_token(std::size_t at) {
  const std::uint32_t column = token_.column + count_characters(text_.substr(token_.begin, at - token_.begin));
  token_ = Token();
  token_.begin = token_.end = at;
  token_.column = column;
}

void Lexer::fail(std::size_t at, std::string expected) {
  token_.kind = TokenKind::error;
  token_.error_at = at;
  token_.text = std::move(expected);
}

void Lexer::read_name() {
  while (is_name_part(char_at(token_.end))) ++token_.end;
  token_.kind = TokenKind::name;
  token_.text = text_.substr(token_.begin, token_.end - token_.begin);
}

void Lexer::read_symbol() {
  const std::string_view rest = text_.substr(token_.begin);
  symbol_ = first_characters(rest, 1);
  for (const std::string_view symbol : kLongSymbols) {
    if (rest.starts_with(symbol)) symbol_ = symbol;
  }
  token_.kind = TokenKind::symbol;
  token_.end = token_.begin + symbol_.size();
}

// `1.` is a number, but in `1.to_s` and `1. to_s` the dot belongs to the name.
bool Lexer::name_follows(std::size_t at) const {
  while (is_space(char_at(at))) ++at;
  return is_name_start(char_at(at)) || char_at(at) == '.';
}

void Lexer::read_number() {
  const std::size_t begin = token_.begin;
  const bool has_prefix = char_at(begin) == '0' && is_name_start(char_at(begin + 1)) && char_at(begin + 1) != '_' &&
                          char_at(begin + 1) != 'e' && char_at(begin + 1) != 'E';
  std::size_t end = begin;
  while (is_digit(char_at(end)) || char_at(end) == '_' || (has_prefix && is_name_part(char_at(end)))) ++end;
  if (end - begin > 1 && char_at(begin) == '0' && !has_prefix) {
    return fail(begin, "a number without leading zeros (octal is written 0o17)");
  }
  if (!has_prefix) {
    read_floating(end);
    if (token_.kind != TokenKind::end) return;
  }
  if (is_name_part(char_at(end))) return fail(begin, "a number");
  const std::optional<Integer> value = parse_integer_literal(text_.substr(begin, end - begin));
  if (!value) return fail(begin, "an integer of at most 64 bits");
  token_.kind = TokenKind::integer;
  token_.value = *value;
  token_.end = end;
}

// Reads the number if a fraction or an exponent follows its integer part, which ends at `end`; else does nothing.
void Lexer::read_floating(std::size_t end) {
  const std::size_t integer_end = end;
  if (char_at(end) == '.' && !name_follows(end + 1)) {
    ++end;
    while (is_digit(char_at(end))) ++end;
  }
  if (char_at(end) == 'e' || char_at(end) == 'E') {
    const std::size_t sign = char_at(end + 1) == '-' || char_at(end + 1) == '+' ? 1 : 0;
    if (is_digit(char_at(end + 1 + sign))) end += 1 + sign;
    while (is_digit(char_at(end))) ++end;
  }
  if (end == integer_end) return;
  if (is_name_part(char_at(end))) return fail(token_.begin, "a number");
  std::string digits(text_.substr(token_.begin, end - token_.begin));
  std::erase(digits, '_');
  const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), token_.number);
  if (error != std::errc()) return fail(token_.begin, "a number in the range of f8");
  token_.kind = TokenKind::floating;
  token_.end = end;
}

void Lexer::read_raw_string() {
  const std::size_t close = text_.find('\'', token_.begin + 1);
  if (close == std::string_view::npos) return fail(text_.size(), "\"'\"");
  token_.kind = TokenKind::string;
  token_.text = text_.substr(token_.begin + 1, close - token_.begin - 1);
  token_.end = close + 1;
}

void Lexer::read_fstring_text() {
  start_token(token_.end);
  read_string(true);
}

// A string from its opening quote, or the text of an f-string from here: to the closing quote or, there, to a brace.
void Lexer::read_string(bool is_fstring) {
  std::size_t at = is_fstring ? token_.begin : token_.begin + 1;
  std::string out;
  for (;; ++at) {
    if (at == text_.size() || text_[at] == '\n') return fail(at, "\"\\\"\"");
    const char c = text_[at];
    if (c == '"' || (is_fstring && c == '{')) break;
    if (c != '\\') {
      out.push_back(c);
    } else if (!read_escape(at, out)) {
      return;
    }
  }
  token_.kind = is_fstring ? TokenKind::fstring_text : TokenKind::string;
  token_.opens_expression = text_[at] == '{';
  token_.text = std::move(out);
  token_.end = at + 1;
}

// Reads the escape whose backslash is at `at`, and leaves `at` at its last character.
bool Lexer::read_escape(std::size_t& at, std::string& out) {
  const std::size_t begin = at++;
  const char letter = char_at(at);
  if (letter == 'u') return read_unicode_escape(at, out);
  for (const Escape& escape : kEscapes) {
    if (letter != escape.letter) continue;
    out.push_back(escape.meaning);
    return true;
  }
  std::uint32_t value = 0;
  std::size_t end = at;
  while (is_octal(char_at(end)) && value <= 0x10FFFF)
    value = value * 8 + static_cast<std::uint32_t>(char_at(end++) - '0');
  if (end == at || value > 0x10FFFF || is_surrogate(value)) {
    fail(begin, "an escape sequence");
    return false;
  }
  append_character(out, value);
  at = end - 1;
  return true;
}

// `\u263b`, or a pair of surrogates `\ud83d\ude00`.
bool Lexer::read_unicode_escape(std::size_t& at, std::string& out) {
  const std::size_t begin = at - 1;
  std::optional<std::uint32_t> unit = hex4(text_.substr(at + 1));
  at += 4;
  if (unit && is_high_surrogate(*unit) && text_.substr(at + 1).starts_with("\\u")) {
    const std::optional<std::uint32_t> low = hex4(text_.substr(at + 3));
    if (low && is_low_surrogate(*low)) unit = 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
    at += 6;
  }
  if (!unit || is_surrogate(*unit)) {
    fail(begin, "four hex digits, surrogates in pairs");
    return false;
  }
  append_character(out, *unit);
  return true;
}

}  // namespace sluice::expression
