// Texts made to crash or to hang a parser. The sanitizers and ctest's time limit are half of the oracle.
#include <catch2/catch.hpp>
#include <random>

#include "tests/expression/fake_scope.h"
#include "validator/expression/check.h"
#include "validator/expression/parse.h"

namespace sluice::expression {
namespace {

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  while (count-- > 0) out += text;
  return out;
}

// Everything that can be done with a text. Returns whether it parses.
bool exercise(std::string_view text) {
  SyntaxError syntax_error;
  TypeReference type;
  ProcessCall call;
  (void)parse_type_reference(text, type, syntax_error);
  (void)parse_process_call(text, call, syntax_error);
  const ExprPtr expr = parse(text, syntax_error);
  if (!expr) {
    CHECK(syntax_error.column >= 1);
    CHECK(!syntax_error.message.empty());
    CHECK(syntax_error.message.size() < 2000);
    return false;
  }
  CHECK(expr->height <= kMaxHeight);
  (void)print_as_path(*expr);
  TypeError type_error;
  const FakeScope scope;
  if (check_types(*expr, scope, type_error)) {
    (void)constant_integer(*expr);
  } else {
    CHECK(!type_error.message.empty());
  }
  CHECK(print(*clone(*expr)) == print(*expr));
  return true;
}

TEST_CASE("Nesting and chains end at their limits, whatever nests") {
  struct Row {
    std::string_view open, middle, close;
    std::size_t most;  // that parse
  };
  const Row rows[] = {
      {"(", "1", ")", 200},          {"[", "1", "]", 200},          {"-", "1", "", 200},
      {"~", "1", "", 200},           {"+", "1", "", 200},           {"not ", "true", "", 200},
      {"true ? 1 : ", "1", "", 200}, {"true ? ", "1", " : 1", 200}, {"num.to_s(", "1", ")", 200},
      {"nums[", "1", "]", 200},      {"f\"{", "1", "}\"", 200},     {"", "1", " + 1", 999},
      {"", "1", ".to_s", 999},       {"", "1", "[0]", 999},         {"", "1", ".as<u4>", 999},
      {"", "1", ".f(1)", 999},       {"1 + 2 * (", "1", ")", 200},
  };
  for (const Row& row : rows) {
    const auto text = [&row](std::size_t n) {
      return repeat(row.open, n) + std::string(row.middle) + repeat(row.close, n);
    };
    CAPTURE(row.open, row.close);
    CHECK(exercise(text(row.most)));
    CHECK_FALSE(exercise(text(row.most + 1)));
    CHECK_FALSE(exercise(text(5000)));
  }
}

TEST_CASE("Long texts are refused, or parsed in time that grows with them") {
  CHECK(exercise("'" + std::string(kMaxTextBytes - 2, 'a') + "'"));
  CHECK_FALSE(exercise("'" + std::string(kMaxTextBytes - 1, 'a') + "'"));
  CHECK(exercise("[" + repeat("1,", 32000) + "]"));
  CHECK(exercise("[" + repeat("a::b,", 13000) + "]"));
  CHECK(exercise(repeat("'a'", 20000)));
  CHECK(exercise("f\"" + repeat("{1}", 20000) + "\""));
  CHECK_FALSE(exercise(repeat("\n", 60000) + "*"));
  CHECK_FALSE(exercise(repeat("(", 60000)));
  CHECK_FALSE(exercise(repeat("f\"{", 20000)));
  CHECK_FALSE(exercise("0x" + repeat("f", 60000)));
  CHECK_FALSE(exercise(repeat("9", 60000) + ".5"));
  CHECK_FALSE(exercise("\"\\" + repeat("7", 60000) + "\""));
}

TEST_CASE("Bytes that are no text are refused") {
  using namespace std::string_view_literals;
  const std::string_view texts[] = {"\0"sv,          "a\0b"sv,      "\x80"sv,
                                    "'\xff'"sv,      "'\xc3'"sv,    "'\xed\xa0\x80'"sv,
                                    "\"\\\xc3\""sv,  "\"\\u\xc3"sv, "f\"{\xf0\x9f\x98"sv,
                                    "\"\\"sv,        "\"\\u"sv,     "\"\\ud83d\\u"sv,
                                    "\"\\ud83d\\"sv, "f\"{"sv,      "f\""sv,
                                    "."sv,           "1.."sv,       "'"sv,
                                    "\""sv,          "}"sv};
  for (const std::string_view text : texts) CHECK_FALSE(exercise(text));
  CHECK(exercise("'a\0b'"sv));
}

// Random sequences of tokens reach the parser's corners sooner than random bytes.
TEST_CASE("Random sequences of tokens neither crash nor hang") {
  const std::string_view tokens[] = {
      "a",    "num", "nums", "block", "1",           "0xff",    "1.5",      ".",     "..",   "(",        ")",    "[",
      "]",    "{",   "}",    "f\"",   "\"",          "'",       "'x'",      "\\u",   "\\",   "::",       ":",    "?",
      ",",    "<",   ">",    ">>",    "<=",          "==",      "!=",       "=",     "+",    "-",        "*",    "/",
      "%",    "&",   "|",    "^",     "~",           "!",       "and",      "or",    "not",  "true",     " ",    "\n",
      ".as<", "u2",  "[]",   ">",     "animal::cat", "sizeof<", "._sizeof", ".to_s", "size", "\xd0\xb6", "\xff",
  };
  std::mt19937 random(20240719);
  const auto draw = [&random](std::size_t below) { return random() % below; };
  int parsed = 0;
  for (int i = 0; i < 30000; ++i) {
    std::string text;
    for (std::size_t n = 1 + draw(i % 8 == 0 ? 60 : 8); n > 0; --n) text += tokens[draw(std::size(tokens))];
    parsed += exercise(text) ? 1 : 0;
  }
  CHECK(parsed > 100);
}

}  // namespace
}  // namespace sluice::expression
