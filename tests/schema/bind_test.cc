#include <catch2/catch.hpp>

#include "validator/schema/load.h"

namespace sluice::schema {
namespace {

constexpr const char* kSchema = R"(
meta: {id: channel}
seq:
  - {id: num, type: u1}
  - {id: rows, type: row, repeat: expr, repeat-expr: num}
  - {size: 1}
types:
  row:
    seq:
      - {id: kind, type: u1, enum: kinds}
    enums:
      kinds: {1: header, 2: body}
)";

struct Row {
  const char* context;
  const char* text;
  const char* outcome;  // the expression with all its parentheses, or what is wrong with it
};

TEST_CASE("one more expression is bound to a type of a schema") {
  const Row row = GENERATE(values<Row>({
      {"channel", "num + 1 * 2", "(num + (1 * 2))"},
      {"channel", "rows[0].kind == row::kinds::body", "(rows[0].kind == row::kinds::body)"},
      {"channel", "unnamed2", "unnamed2"},
      {"channel", "_sizeof", "1: unable to derive sizeof for type `channel`: dynamic sized type"},
      {"channel", "rows[0].size", "9: unable to access 'size' in channel::row context"},
      {"channel", "num +", "5: parsing expression 'num +' failed on \"+\" at position 1:5, expected end-of-input"},
      {"channel::row", "kind == kinds::header", "(kind == kinds::header)"},
      {"channel::row", "_parent.num", "_parent.num"},
      {"channel::row", "_sizeof", "_sizeof"},
      {"channel::row", "num", "1: unable to access 'num' in channel::row context"},
  }));
  std::vector<Problem> problems;
  const std::optional<Schema> schema = load_schema_text("channel.ksy", kSchema, problems);
  REQUIRE(schema);
  TypeId context = kNoType;
  for (const auto& type : schema->types) {
    if (type->full_name == row.context) context = type->id;
  }
  Problem problem;
  const Expression expression = bind_expression(*schema, context, row.text, problem);
  const std::string outcome =
      expression ? expression::print(*expression.expr) : std::to_string(problem.mark.column) + ": " + problem.message;
  CHECK(outcome == row.outcome);
}

}  // namespace
}  // namespace sluice::schema
