#include "validator/expression/parse.h"

#include <catch2/catch.hpp>

#include "validator/expression/ast.h"

namespace sluice::expression {
namespace {

struct Row {
  std::string_view text, want;
};

// What `text` means, fully parenthesised, or why it means nothing.
std::string printed(std::string_view text) {
  SyntaxError error;
  const ExprPtr expr = parse(text, error);
  return expr ? print(*expr) : error.message;
}

const Row kMeanings[] = {
    // precedence, from the loosest to the tightest
    {"a ? b : c ? d : e", "(a ? b : (c ? d : e))"},
    {"a ? b ? 1 : 2 : 3", "(a ? (b ? 1 : 2) : 3)"},
    {"a or b ? 1 : 2", "((a or b) ? 1 : 2)"},
    {"a or b and c or d", "((a or (b and c)) or d)"},
    {"not a and not b", "((not a) and (not b))"},
    {"not a == b", "(not (a == b))"},
    {"not not a", "(not (not a))"},
    {"a | b == c", "((a | b) == c)"},
    {"a ^ b | c & d", "((a ^ b) | (c & d))"},
    {"a & b << 1", "(a & (b << 1))"},
    {"1 << 2 + 3", "(1 << (2 + 3))"},
    {"1 - 2 - 3", "((1 - 2) - 3)"},
    {"1 + 2 * 3 % 4", "(1 + ((2 * 3) % 4))"},
    {"-a * ~b", "((-a) * (~b))"},
    {"- - 1", "(-(-1))"},
    {"+1", "1"},
    {"-a.b[0].c", "(-a.b[0].c)"},
    {"-(x - 1).as<s8>", "(-(x - 1).as<s8>)"},
    {"((((1))))", "1"},
    {"0 < a and a <= 5", "((0 < a) and (a <= 5))"},

    // numbers
    {"0xff + 0b1010 + 0o17 + 1_000", "(((255 + 10) + 15) + 1000)"},
    {"18446744073709551615", "18446744073709551615"},
    {"1.5 + .5", "(1.5 + 0.5)"},
    {"1e3", "1000.0"},
    {"2.5e-3", "0.0025"},
    {"1.", "1.0"},
    {"1. + 2.", "(1.0 + 2.0)"},
    {"1.to_s", "1.to_s"},
    {"1. to_s", "1.to_s"},
    {"1.e5", "1.e5"},
    {"1.5.to_i", "1.5.to_i"},
    {"1_0.5", "10.5"},

    // strings
    {R"('a\n"b')", R"("a\\n\"b")"},
    {R"("\a\b\t\n\v\f\r\e\'\"\\")", R"("\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u001b'\"\\")"},
    {R"("\101\0\62\u263b")", "\"A\\u00002\u263b\""},
    {R"("\ud83d\ude00")", "\"\U0001F600\""},
    {R"("\4177777")", "\"\U0010FFFF\""},
    {R"("ab" 'cd' "ef")", R"("abcdef")"},
    {"'привет'.length", "\"привет\".length"},
    {R"(f"")", R"(f"")"},
    {R"(f"a\n{1 + 2}b{c}")", R"(f"a\u000a{(1 + 2)}b{c}")"},
    {R"(f"{"x" + f"{y}"}\173")", R"(f"{("x" + f"{y}")}\u007b")"},
    {"f.x", "f.x"},
    {R"(f "a")", R"(parsing expression 'f "a"' failed on ""a"" at position 1:3, expected end-of-input)"},

    // arrays
    {"[]", "[]"},
    {"[1, 2,]", "[1, 2]"},
    {"[[1], [0x2e, 0x01]]", "[[1], [46, 1]]"},

    // names
    {"true ? false : truth", "(true ? false : truth)"},
    {"_root._parent._io.pos", "_root._parent._io.pos"},
    {"animal::cat", "animal::cat"},
    {"::zoo::animal::cat", "::zoo::animal::cat"},
    {"a ? b::c : ::d::e", "(a ? b::c : ::d::e)"},
    {"notes or android", "(notes or android)"},
    {"a.as", "a.as"},
    {"sizeof + 1", "(sizeof + 1)"},

    // after a dot
    {"x.substring(1, n - 1).to_i(16)", "x.substring(1, (n - 1)).to_i(16)"},
    {"x.f()", "x.f()"},
    {"a[b[0]][1]", "a[b[0]][1]"},
    {"x.as<foo::bar>.y", "x.as<foo::bar>.y"},
    {"x . as < ::foo > . y", "x.as<::foo>.y"},
    {"[27643, 7].as<u2[]>", "[27643, 7].as<u2[]>"},
    {"x.as<u4>> 5", "(x.as<u4> > 5)"},
    {"x.as<u4>>>5", "(x.as<u4> >> 5)"},
    {"x.as<u4>>=5", "(x.as<u4> >= 5)"},
    {"sizeof<u4> * bitsizeof<a::b>", "(sizeof<u4> * bitsizeof<a::b>)"},
    {"\n  a\n+\tb\r\n", "(a + b)"},
};

TEST_CASE("Text means what the fully parenthesised text says") {
  for (const Row& row : kMeanings) {
    CAPTURE(row.text);
    CHECK(printed(row.text) == row.want);
  }
}

TEST_CASE("What is printed means the same again, and so does a clone") {
  for (const Row& row : kMeanings) {
    CAPTURE(row.text);
    SyntaxError error;
    const ExprPtr expr = parse(row.text, error);
    if (!expr) continue;
    CHECK(printed(print(*expr)) == print(*expr));
    CHECK(print_as_path(*clone(*expr)) == print_as_path(*expr));
  }
}

TEST_CASE("A mistake is told where it is, in the words of the compiler of record") {
  struct Mistake {
    std::string_view text;
    std::uint32_t column;
    std::string_view failed_on, position, expected;
  };
  const Mistake mistakes[] = {
      // as in the compiler of record
      {"1 *", 3, "*", "1:3", "end-of-input"},
      {"42/", 3, "/", "1:3", "end-of-input"},
      {"foo == 1 && bar == 2", 10, "&& bar == ", "1:10", "end-of-input, did you mean 'and'?"},
      {"\"hello ", 8, "", "1:8", "\"\\\"\""},
      // more precise than it
      {"(1 + 5", 7, "", "1:7", "\")\""},
      {"^AHEM", 1, "^AHEM", "1:1", "an expression"},

      {"", 1, "", "1:1", "an expression"},
      {"a || b", 3, "|| b", "1:3", "end-of-input, did you mean 'or'?"},
      {"!a", 1, "!a", "1:1", "an expression, did you mean 'not'?"},
      {"a = 1", 3, "= 1", "1:3", "end-of-input, did you mean '=='?"},
      {"2 ** 3", 3, "** 3", "1:3", "end-of-input"},
      {"a == b == c", 8, "== c", "1:8", "end-of-input"},
      {"a < b < c", 7, "< c", "1:7", "end-of-input"},
      {"a + not b", 5, "not b", "1:5", "an expression"},
      {"and", 1, "and", "1:1", "an expression"},
      {"a b", 3, "b", "1:3", "end-of-input"},
      {"a ? b", 6, "", "1:6", "\":\""},
      {"a[1", 4, "", "1:4", "\"]\""},
      {"a[", 3, "", "1:3", "an expression"},
      {"a.", 2, ".", "1:2", "end-of-input"},
      {"a.1", 2, ".1", "1:2", "end-of-input"},
      {"f(1)", 2, "(1)", "1:2", "end-of-input"},
      {"a.f(1,)", 6, ",)", "1:6", "\")\""},
      {"(a + )", 4, "+ )", "1:4", "\")\""},
      {"[1 2]", 4, "2]", "1:4", "(\",\" | \"]\")"},
      {"[,]", 2, ",]", "1:2", "an expression"},
      {"x.as<foo", 9, "", "1:9", "\">\""},
      {"x.as<>", 6, ">", "1:6", "a name"},
      {"sizeof<a[]>", 9, "[]>", "1:9", "\">\""},
      {"a::", 4, "", "1:4", "a name"},
      {"::a", 4, "", "1:4", "\"::\""},
      {"'abc", 5, "", "1:5", "\"'\""},
      {"1 + 'abc", 9, "", "1:9", "\"'\""},
      {"\"a\nb\"", 3, " b\"", "1:3", "\"\\\"\""},
      {R"("\q")", 2, R"(\q")", "1:2", "an escape sequence"},
      {R"("\777777777")", 2, R"(\777777777)", "1:2", "an escape sequence"},
      {R"("\u12")", 2, R"(\u12")", "1:2", "four hex digits, surrogates in pairs"},
      {R"("\ud83d")", 2, R"(\ud83d")", "1:2", "four hex digits, surrogates in pairs"},
      {R"("\ude00\ud83d")", 2, R"(\ude00\ud8)", "1:2", "four hex digits, surrogates in pairs"},
      {R"(f"a{b")", 7, "", "1:7", "\"\\\"\""},
      {R"(f"a{)", 5, "", "1:5", "an expression"},
      {R"(f"a{b} )", 8, "", "1:8", "\"\\\"\""},
      {"025", 1, "025", "1:1", "a number without leading zeros (octal is written 0o17)"},
      {"1 + 00", 5, "00", "1:5", "a number without leading zeros (octal is written 0o17)"},
      {"12abc", 1, "12abc", "1:1", "a number"},
      {"0b12", 1, "0b12", "1:1", "an integer of at most 64 bits"},
      {"18446744073709551616", 1, "1844674407", "1:1", "an integer of at most 64 bits"},
      {"1e999", 1, "1e999", "1:1", "a number in the range of f8"},
      {"a\n+ ?", 3, "+ ?", "2:1", "end-of-input"},
      {"'жж' $", 6, "$", "1:6", "end-of-input"},
  };
  for (const Mistake& row : mistakes) {
    CAPTURE(row.text);
    SyntaxError error;
    CHECK(parse(row.text, error) == nullptr);
    CHECK(error.column == row.column);
    const std::string want = "' failed on \"" + std::string(row.failed_on) + "\" at position " +
                             std::string(row.position) + ", expected " + std::string(row.expected);
    CHECK_THAT(error.message, Catch::Matchers::StartsWith("parsing expression '") && Catch::Matchers::EndsWith(want));
  }
}

TEST_CASE("Paths name an expression as the compiler of record does") {
  const Row rows[] = {
      {"42", "IntNum(42)"},
      {"-1", "UnaryOp(Minus,IntNum(1))"},
      {"1.5", "FloatNum(1.5)"},
      {"true", "Bool(true)"},
      {"'foo'", "Str(foo)"},
      {"ahem", "Name(identifier(ahem))"},
      {"AHEM", "Name(identifier(AHEM))"},
      {"a.b", "Attribute(Name(identifier(a)),identifier(b))"},
      {"a.b(1)", "Call(Attribute(Name(identifier(a)),identifier(b)),List(IntNum(1)))"},
      {"a[0]", "Subscript(Name(identifier(a)),IntNum(0))"},
      {"e::l", "EnumByLabel(identifier(e),identifier(l),typeId(false,List(),false))"},
      {"::t::e::l", "EnumByLabel(identifier(e),identifier(l),typeId(true,List(t),false))"},
      {"1 + 2", "BinOp(IntNum(1),Add,IntNum(2))"},
      {"a and b", "BoolOp(And,List(Name(identifier(a)), Name(identifier(b))))"},
      {"a == 0 ? 'x' : 'y'", "IfExp(Compare(Name(identifier(a)),Eq,IntNum(0)),Str(x),Str(y))"},
      {"[1, 2]", "List(List(IntNum(1), IntNum(2)))"},
      {"x.as<u2[]>", "CastToType(Name(identifier(x)),typeId(false,List(u2),true))"},
      {"sizeof<a::b>", "ByteSizeOfType(typeId(false,List(a, b),false))"},
      {"f\"a{b}\"", "InterpolatedStr(List(Str(a), Name(identifier(b))))"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    SyntaxError error;
    const ExprPtr expr = parse(row.text, error);
    REQUIRE(expr);
    CHECK(print_as_path(*expr) == row.want);
  }
}

TEST_CASE("A column is that of the operator or of the name after the dot, in characters") {
  SyntaxError error;
  const ExprPtr expr = parse("'жж' == foo.bar", error);
  REQUIRE(expr);
  CHECK(expr->column == 6);
  CHECK(expr->children[0]->column == 1);
  CHECK(expr->children[1]->column == 13);
  CHECK(expr->children[1]->children[0]->column == 9);
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "::") + part;
  return out;
}

std::string join(const std::vector<ExprPtr>& list) {
  std::string out;
  for (const ExprPtr& expr : list) out += (out.empty() ? "" : ", ") + print(*expr);
  return out;
}

std::string read_type(std::string_view text) {
  TypeReference type;
  SyntaxError error;
  if (!parse_type_reference(text, type, error)) return error.message;
  return (type.is_absolute ? "::" : "") + join(type.path) +
         (type.has_arguments ? "(" + join(type.arguments) + ")" : "");
}

TEST_CASE("Type references") {
  const Row rows[] = {
      {"u2le", "u2le"},
      {"foo::bar", "foo::bar"},
      {"::foo", "::foo"},
      {"foo(1, x + 2)", "foo(1, (x + 2))"},
      {"foo()", "foo()"},
      {"group(\n  _index,\n  [1, 2]\n)\n", "group(_index, [1, 2])"},
      {"", "parsing expression '' failed on \"\" at position 1:1, expected a name"},
      {"really(", "parsing expression 'really(' failed on \"(\" at position 1:7, expected end-of-input"},
      {"a(1, )", "parsing expression 'a(1, )' failed on \", )\" at position 1:4, expected \")\""},
      {"a(1", "parsing expression 'a(1' failed on \"\" at position 1:4, expected \")\""},
      {"a(1) b", "parsing expression 'a(1) b' failed on \"b\" at position 1:6, expected end-of-input"},
      {"a b", "parsing expression 'a b' failed on \"b\" at position 1:3, expected end-of-input"},
      {"a.b", "parsing expression 'a.b' failed on \".b\" at position 1:2, expected end-of-input"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(read_type(row.text) == row.want);
  }
}

std::string read_process(std::string_view text) {
  ProcessCall call;
  SyntaxError error;
  if (!parse_process_call(text, call, error)) return error.message;
  return call.name + "(" + join(call.arguments) + ")";
}

TEST_CASE("Process calls") {
  const Row rows[] = {
      {"zlib", "zlib()"},
      {"xor(key)", "xor(key)"},
      {"xor([0xec, 0xbb])", "xor([236, 187])"},
      {"nested.deeply.custom_fx(7, true)", "nested.deeply.custom_fx(7, true)"},
      {"rol", "rol()"},
      {"a.", "parsing expression 'a.' failed on \"\" at position 1:3, expected a name"},
      {"xor(1", "parsing expression 'xor(1' failed on \"\" at position 1:6, expected \")\""},
      {"xor 1", "parsing expression 'xor 1' failed on \"1\" at position 1:5, expected end-of-input"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(read_process(row.text) == row.want);
  }
}

}  // namespace
}  // namespace sluice::expression
