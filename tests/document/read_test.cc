#include "validator/document/read.h"

#include <catch2/catch.hpp>

namespace sluice::document {
namespace {

Node value_of(std::string_view text) {
  Problem problem;
  auto document = parse("t", "v: " + std::string(text), problem);
  INFO(problem.message);
  REQUIRE(document);
  return document->root.entries[0].value;
}

template <class T>
std::string shown(const std::optional<T>& value, const Problem& problem) {
  if (!value) return std::to_string(problem.mark.column) + " " + problem.message;
  if constexpr (std::is_same_v<T, bool>)
    return *value ? "true" : "false";
  else if constexpr (std::is_same_v<T, std::string_view>)
    return std::string(*value);
  else
    return std::to_string(*value);
}

struct Row {
  std::string_view yaml, result;
};

TEST_CASE("integers") {
  const Row rows[] = {
      {"0", "0"},
      {"20", "20"},
      {"-1", "-1"},
      {"-0", "0"},
      {"0x1F", "31"},
      {"0b1010", "10"},
      {"0o17", "15"},
      {"1_000_000", "1000000"},
      {"0xFF_FF", "65535"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"9223372036854775808", "4 a number outside of -2^63..2^63 - 1"},
      {"-9223372036854775809", "4 a number outside of -2^63..2^63 - 1"},
      {"18446744073709551616", "4 a number above 2^64 - 1, found \"18446744073709551616\""},
      {"025", "4 a number may not start with 0, found \"025\""},
      {"00", "4 a number may not start with 0, found \"00\""},
      {"-07", "4 a number may not start with 0, found \"-07\""},
      {"'20'", "4 expected a number without quotes"},
      {"+1", "4 expected a decimal, 0x, 0b or 0o number, found \"+1\""},
      {"1.5", "4 expected a decimal, 0x, 0b or 0o number, found \"1.5\""},
      {"1e3", "4 expected a decimal, 0x, 0b or 0o number, found \"1e3\""},
      {"0x", "4 expected a decimal, 0x, 0b or 0o number, found \"0x\""},
      {"0b12", "4 expected a decimal, 0x, 0b or 0o number, found \"0b12\""},
      {"1__0", "4 expected a decimal, 0x, 0b or 0o number, found \"1__0\""},
      {"1_", "4 expected a decimal, 0x, 0b or 0o number, found \"1_\""},
      {"_1", "4 expected a decimal, 0x, 0b or 0o number, found \"_1\""},
      {"-x", "4 expected a decimal, 0x, 0b or 0o number, found \"-x\""},
      {"12:30:45", "4 expected a decimal, 0x, 0b or 0o number, found \"12:30:45\""},
      {"", "1 expected a number, found nothing"},
      {"[1]", "4 expected a number, found a sequence"},
      {"{a: 1}", "4 expected a number, found a mapping"},
  };
  for (const Row& row : rows) {
    Problem problem;
    CHECK(shown(as_integer(value_of(row.yaml), problem), problem) == row.result);
  }
}

TEST_CASE("unsigned integers and keys") {
  Problem problem;
  CHECK(as_unsigned(value_of("18446744073709551615"), problem) == 0xFFFF'FFFF'FFFF'FFFFu);
  CHECK(as_unsigned(value_of("-0"), problem) == 0u);
  CHECK(!as_unsigned(value_of("-1"), problem));
  CHECK(problem.message == "a number below 0");

  const Node node = value_of("{-18446744073709551615: a, '1': b}");
  const auto number = as_number(key_of(node.entries[0]), problem);
  REQUIRE(number);
  CHECK(number->is_negative);
  CHECK(number->magnitude == 0xFFFF'FFFF'FFFF'FFFFu);
  CHECK(!as_number(key_of(node.entries[1]), problem));
}

TEST_CASE("booleans are true and false") {
  const Row rows[] = {
      {"true", "true"},
      {"false", "false"},
      {"yes", "4 write true or false: \"yes\" is text to some YAML readers and a boolean to others"},
      {"Off", "4 write true or false: \"Off\" is text to some YAML readers and a boolean to others"},
      {"TRUE", "4 write true or false: \"TRUE\" is text to some YAML readers and a boolean to others"},
      {"'true'", "4 write true or false: \"true\" is text to some YAML readers and a boolean to others"},
      {"1", "4 expected true or false, found text \"1\""},
      {"", "1 expected true or false, found nothing"},
      {"[true]", "4 expected true or false, found a sequence"},
  };
  for (const Row& row : rows) {
    Problem problem;
    CHECK(shown(as_boolean(value_of(row.yaml), problem), problem) == row.result);
  }
}

TEST_CASE("strings are scalars") {
  const Row rows[] = {
      {"abc", "abc"},
      {"'null'", "null"},
      {"''", ""},
      {"025", "025"},
      {"null", "1 expected text, found nothing"},
      {"[a]", "4 expected text, found a sequence"},
  };
  for (const Row& row : rows) {
    Problem problem;
    const Node node = value_of(row.yaml);
    CHECK(shown(as_string(node, problem), problem) == row.result);
  }
}

TEST_CASE("unknown keys are named, with what was probably meant") {
  const std::string_view allowed[] = {"id", "type", "repeat", "repeat-expr", "repeat-until", "-sluice-valid"};
  struct KeyRow {
    std::string_view yaml;
    ForeignKeys foreign;
    std::string_view problems;
  };
  const KeyRow rows[] = {
      {"{id: a, type: b}", ForeignKeys::refuse, ""},
      {"{ID: a}", ForeignKeys::refuse,
       "1:5 unknown key \"ID\"; allowed: id, type, repeat, repeat-expr, repeat-until, -sluice-valid\n"},
      {"{tpye: a}", ForeignKeys::refuse, "1:5 unknown key \"tpye\"; did you mean \"type\"?\n"},
      {"{repeat-exp: a, idd: b}", ForeignKeys::refuse,
       "1:5 unknown key \"repeat-exp\"; did you mean \"repeat-expr\"?\n1:20 unknown key \"idd\"; did you mean "
       "\"id\"?\n"},
      {"{-orig-id: a}", ForeignKeys::allow, ""},
      {"{-orig-id: a}", ForeignKeys::refuse,
       "1:5 unknown key \"-orig-id\"; allowed: id, type, repeat, repeat-expr, repeat-until, -sluice-valid\n"},
      {"{-sluice-vaild: a}", ForeignKeys::allow,
       "1:5 unknown key \"-sluice-vaild\"; did you mean \"-sluice-valid\"?\n"},
      {"{\"i\\e[0md\": a}", ForeignKeys::refuse,
       "1:5 unknown key \"i\\x1b[0md\"; allowed: id, type, repeat, repeat-expr, repeat-until, -sluice-valid\n"},
      {"[a]", ForeignKeys::refuse, "1:4 expected a mapping, found a sequence\n"},
  };
  for (const KeyRow& row : rows) {
    std::vector<Problem> problems;
    const bool good = check_keys(value_of(row.yaml), allowed, problems, row.foreign);
    std::string shown_problems;
    for (const Problem& p : problems) {
      shown_problems += std::to_string(p.mark.line) + ":" + std::to_string(p.mark.column) + " " + p.message + "\n";
    }
    CHECK(shown_problems == row.problems);
    CHECK(good == row.problems.empty());
  }
}

TEST_CASE("nearest prefers the nearest, and nothing to something far") {
  const std::string_view names[] = {"size", "size-eos", "seq"};
  CHECK(nearest("siez", names) == "size");
  CHECK(nearest("size-eso", names) == "size-eos");
  CHECK(!nearest("xyz", names));
  CHECK(!nearest("", names));
  CHECK(!nearest(std::string(100'000, 's'), names));
}

}  // namespace
}  // namespace sluice::document
