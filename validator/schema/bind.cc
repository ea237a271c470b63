#include <utility>

#include "validator/expression/parse.h"
#include "validator/schema/load.h"
#include "validator/schema/scope.h"

namespace sluice::schema {

Expression bind_expression(const Schema& schema, TypeId context, const std::string& text, Problem& problem) {
  const auto fail = [&](std::uint32_t column, std::string message) {
    problem = {};
    problem.mark = {.line = 1, .column = column};
    problem.message = std::move(message);
    return Expression{};
  };
  Expression out;
  expression::SyntaxError syntax;
  out.expr = expression::parse(text, syntax);
  if (!out.expr) return fail(syntax.column, std::move(syntax.message));
  expression::TypeError type;
  if (!check_types(*out.expr, SchemaScope(schema, context), type)) return fail(type.column, std::move(type.message));
  out.text = text;
  return out;
}

}  // namespace sluice::schema
