#include "validator/schema/load.h"

#include <fmt/core.h>
#include <catch2/catch.hpp>

#include "tests/approved.h"
#include "tests/schema/print_schema.h"

namespace sluice::schema {
namespace {

// The problems as `/path: error: message` and the line they are on; the schema if there is no error.
std::string outcome(std::string_view text) {
  std::vector<Problem> problems;
  const std::optional<Schema> schema = load_schema_text("t.ksy", std::string(text), problems);
  std::string out;
  bool has_errors = false;
  for (const Problem& problem : problems) {
    has_errors = has_errors || !problem.is_warning;
    out += problem.path + (problem.is_warning ? ": warning: " : ": error: ") + problem.message + "\n" + problem.excerpt;
    if (!out.ends_with('\n')) out += '\n';
  }
  CHECK(schema.has_value() == !has_errors);
  if (schema) return out + print(*schema);
  out.pop_back();
  return out;
}

TEST_CASE("each fault of a schema is told where it is") { test::check_cases("schema/refused.txt", outcome); }

TEST_CASE("what a schema says is understood") { test::check_cases("schema/understood.txt", outcome); }

TEST_CASE("advice does not refuse") { test::check_cases("schema/advice.txt", outcome); }

// A chain of instances longer than any stack, each needing the next; then the same closed to a ring.
TEST_CASE("instances that need each other are typed without recursion") {
  constexpr int kLength = 15000;
  std::string text = "instances:\n";
  for (int i = 0; i < kLength; ++i) {
    text += fmt::format("  i{}: {{value: i{}}}\n", i, i + 1);
  }
  const std::string last = fmt::format("  i{}: {{value: ", kLength);
  std::vector<Problem> problems;
  const std::optional<Schema> chain = load_schema_text("chain.ksy", text + last + "'\"text\"'}\n", problems);
  REQUIRE(chain);
  CHECK(chain->type(0).members[0].type.is(expression::TypeKind::string));

  CHECK_FALSE(load_schema_text("ring.ksy", text + last + "i0}\n", problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].message.find("depends on itself") != std::string::npos);
}

TEST_CASE("types within types have no size and no parent that recursion would find") {
  constexpr int kLength = 5000;
  std::string text = "seq: [{type: t0}]\ntypes:\n";
  for (int i = 0; i < kLength; ++i) {
    text += fmt::format("  t{}: {{seq: [{{id: a, type: t{}, parent: _parent}}]}}\n", i, i + 1);
  }
  const std::string last = fmt::format("  t{}: {{seq: [{{id: a, type: ", kLength);
  std::vector<Problem> problems;
  const std::optional<Schema> schema = load_schema_text("deep.ksy", text + last + "u1}]}\n", problems);
  REQUIRE(schema);
  CHECK(schema->type(0).fixed_bits == 8);
  CHECK(schema->types.back()->parent_type == 0);

  const std::optional<Schema> ring = load_schema_text("ring.ksy", text + last + "t0}]}\n", problems);
  REQUIRE(ring);
  CHECK_FALSE(ring->type(0).fixed_bits);
}

TEST_CASE("what a schema may use is bounded") {
  const auto message_of = [](const std::string& text) -> std::string {
    std::vector<Problem> problems;
    if (load_schema_text("t.ksy", text, problems)) return "accepted";
    return problems.front().path + ": " + problems.front().message;
  };
  std::string types = "types:\n";
  for (int i = 0; i <= 10000; ++i) types += fmt::format("  t{}: {{}}\n", i);
  CHECK(message_of(types) == "/types/t9999: more than 10000 types");

  std::string attributes = "seq: [1";
  for (int i = 0; i < 20000; ++i) attributes += ",1";
  std::vector<Problem> problems;
  CHECK_FALSE(load_schema_text("t.ksy", attributes + "]", problems));
  CHECK(problems.size() == 200);  // kept

  std::string instances = "instances:\n";
  for (int i = 0; i <= 20000; ++i) instances += fmt::format("  i{}: {{value: 1}}\n", i);
  CHECK(message_of(instances) == "/instances/i20000: more than 20000 attributes and instances");

  std::string sums = "instances:\n";
  for (int i = 0; i < 9; ++i) sums += fmt::format("  i{}: {{value: '\"{:a<60000}\"'}}\n", i, "");
  CHECK(message_of(sums).ends_with("more than 524288 bytes of expressions"));

  std::string nested;
  for (int i = 0; i < 30; ++i) nested += "{types: {" + std::string(200, 'a') + ": ";
  CHECK(message_of(nested + "{}" + std::string(60, '}')).ends_with("types are nested too deeply"));
}

}  // namespace
}  // namespace sluice::schema
