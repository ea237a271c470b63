#include <utility>

#include <fmt/core.h>

#include "validator/schema/checker.h"

namespace sluice::schema {

using expression::Type;
using expression::TypeKind;

void ExpressionChecker::error(const std::string& path, document::Mark mark, std::string message) {
  loader_.problems.error({.file = type_.file_index, .path = path, .mark = mark}, std::move(message));
}

const Type* ExpressionChecker::check(Expression& expression, const Locals& locals) {
  if (!expression) return nullptr;
  const SchemaScope scope(loader_.schema, type_.id, locals);
  expression::TypeError problem;
  if (check_types(*expression.expr, scope, problem)) return &expression.expr->type;
  error(expression.path, expression.mark, std::move(problem.message));
  return nullptr;
}

bool ExpressionChecker::expect(Expression& expression, TypeKind kind, std::string_view wanted, const Locals& locals) {
  const Type* type = check(expression, locals);
  if (type == nullptr || type->is(kind) || type->is(TypeKind::unknown)) return type != nullptr;
  const SchemaScope scope(loader_.schema, type_.id, locals);
  error(expression.path, expression.mark,
        fmt::format("invalid type: expected {}, got {}", wanted, describe(*type, scope)));
  return false;
}

void ExpressionChecker::expect_comparable(const Type& type, Expression& expression, const Locals& locals,
                                          bool ordered) {
  const Type* other = check(expression, locals);
  if (other == nullptr) return;
  const SchemaScope scope(loader_.schema, type_.id, locals);
  const auto op = ordered ? expression::BinaryOp::less_equal : expression::BinaryOp::equal;
  std::string problem = comparison_problem(type, *other, op, scope);
  if (!problem.empty()) error(expression.path, expression.mark, std::move(problem));
}

void ExpressionChecker::check_endian_switch(EndianSwitch& endian) {
  const Type* on = check(endian.switch_on);
  const Type unknown;
  const Locals locals{.switch_value = on != nullptr ? on : &unknown};
  for (EndianSwitch::Case& item : endian.cases) expect_comparable(*locals.switch_value, item.match, locals, false);
}

void ExpressionChecker::check_type(TypeSpec& type) {
  if (type.endian_switch) check_endian_switch(*type.endian_switch);
  for (Member& member : type.members) check_member(member);
  for (Assertion& assertion : type.asserts) expect_boolean(assertion.expression);
  expect(type.to_string, TypeKind::string, "string");
}

void check_expressions(Loader& loader) {
  for (const auto& type : loader.schema.types) ExpressionChecker(loader, *type).check_type(*type);
}

}  // namespace sluice::schema
