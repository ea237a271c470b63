#include <fmt/core.h>

#include "validator/schema/checker.h"

namespace sluice::schema {

using expression::Type;
using expression::TypeKind;

void ExpressionChecker::check_arguments(DataType& data, const std::string& path, const Locals& locals) {
  for (Expression& argument : data.arguments) {
    if (check(argument, locals) == nullptr) return;
  }
  if (data.kind != DataKind::structure || data.failed || data.type_id == kNoType) return;
  const TypeSpec& target = loader_.schema.type(data.type_id);
  if (target.opaque) return;
  if (target.parameter_count != data.arguments.size()) {
    return error(path, data.mark,
                 fmt::format("parameter count mismatch: {} declared, but {} used", target.parameter_count,
                             data.arguments.size()));
  }
  const SchemaScope scope(loader_.schema, type_.id);
  for (std::size_t i = 0; i < data.arguments.size(); ++i) {
    const Type& given = data.arguments[i].expr->type;
    const Member& parameter = target.members[i];
    if (is_assignable(given, parameter.type)) continue;
    return error(path, data.mark,
                 fmt::format("can't pass argument #{} of type {} into parameter `{}` of type {}", i,
                             describe(given, scope), parameter.id, describe(parameter.type, scope)));
  }
}

void ExpressionChecker::check_switch(DataType& data, const std::string& path, Locals locals) {
  const Type* on = check(data.switch_on, locals);
  const Type unknown;
  locals.switch_value = on != nullptr ? on : &unknown;
  for (Case& item : data.cases) {
    const std::string name = item.match ? expression::print_as_path(*item.match.expr) : "_";
    if (item.match) expect_comparable(*locals.switch_value, item.match, locals, false);
    check_data_type(item.type, path + "/cases/" + name, locals);
  }
}

void ExpressionChecker::check_data_type(DataType& data, const std::string& path, const Locals& locals) {
  if (data.kind == DataKind::switched) return check_switch(data, path, locals);
  if (data.kind == DataKind::structure) check_arguments(data, path, locals);
}

void ExpressionChecker::check_process(Member& member, const Locals& locals) {
  Process& process = member.sizing.process;
  for (Expression& argument : process.arguments) {
    const Type* type = check(argument, locals);
    if (type == nullptr || type->is(TypeKind::unknown) || process.kind == ProcessKind::custom) continue;
    const bool is_key = process.kind == ProcessKind::xor_key && type->is(TypeKind::bytes);
    if (is_key || type->is(TypeKind::integer)) continue;
    const std::string_view wanted = process.kind == ProcessKind::xor_key ? "integer or byte array" : "integer";
    error(argument.path, argument.mark,
          fmt::format("invalid type: expected {}, got {}", wanted,
                      describe(*type, SchemaScope(loader_.schema, type_.id))));
  }
}

void ExpressionChecker::check_parent(Member& member, const Locals& locals) {
  const Type* type = check(member.parent, locals);
  if (type == nullptr || type->is(TypeKind::structure) || type->is(TypeKind::unknown)) return;
  error(
      member.parent.path, member.parent.mark,
      fmt::format("invalid type: expected user type, got {}", describe(*type, SchemaScope(loader_.schema, type_.id))));
}

// `valid` is about each element of what repeats.
void ExpressionChecker::check_valid(Member& member, const Locals& locals) {
  Validation& valid = member.valid;
  const Type& element = member.element_type;
  Locals inside = locals;
  inside.element = &element;
  expect_comparable(element, valid.equal, inside, false);
  expect_comparable(element, valid.min, inside, true);
  expect_comparable(element, valid.max, inside, true);
  for (Expression& choice : valid.any_of) expect_comparable(element, choice, inside, false);
  expect_boolean(valid.expression, inside);
}

namespace {

// How many bits an integer must have to hold the checksum.
unsigned bits_of(Checksum::Algorithm algorithm) {
  switch (algorithm) {
    case Checksum::Algorithm::sum8: return 8;
    case Checksum::Algorithm::sum16: return 16;
    default: return 32;
  }
}

std::string checksum_problem(const Schema& schema, const TypeSpec& type, const Member& member) {
  const DataType& data = member.data;
  const auto index = static_cast<std::size_t>(&member - type.members.data());
  if (member.checksum.first <= index && index <= member.checksum.last) return "the region contains the checksum itself";
  if (member.repeat != RepeatKind::none) return "a checksum cannot repeat";
  if (member.checksum.algorithm == Checksum::Algorithm::sha256) {
    const bool is_digest = data.kind == DataKind::bytes && fixed_bits(schema, member) == 256;
    return is_digest ? "" : "sha256 needs a byte array with `size: 32`";
  }
  const unsigned width = data.kind == DataKind::integer ? data.width * 8u
                         : data.kind == DataKind::bits  ? data.width
                                                        : 0;
  const unsigned needed = bits_of(member.checksum.algorithm);
  return width >= needed ? "" : fmt::format("this checksum needs an integer of at least {} bits", needed);
}

}  // namespace

void ExpressionChecker::check_checksum(const Member& member) {
  if (member.checksum.algorithm == Checksum::Algorithm::none || member.data.failed) return;
  std::string problem = checksum_problem(loader_.schema, type_, member);
  if (!problem.empty()) error(member.checksum.path, member.checksum.mark, std::move(problem));
}

void ExpressionChecker::check_value_instance(Member& member) {
  expect_boolean(member.condition);
  expect_boolean(member.sluice_valid, {.element = &member.type});
}

void ExpressionChecker::check_member(Member& member) {
  if (member.role == Role::parameter) return;
  if (member.role == Role::value_instance) return check_value_instance(member);
  const Locals locals{.has_index = member.repeat != RepeatKind::none};
  expect_boolean(member.condition);
  expect_integer(member.position);
  expect(member.io, TypeKind::stream, "IO stream");
  expect_integer(member.repeat_count);
  expect_integer(member.sizing.size, locals);
  check_data_type(member.data, member.path + "/type", locals);
  check_process(member, locals);
  check_parent(member, locals);
  expect_boolean(member.repeat_until, {.element = &member.element_type, .has_index = true});
  check_valid(member, locals);
  check_checksum(member);
}

}  // namespace sluice::schema
