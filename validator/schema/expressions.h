// Every expression of a schema, wherever it stands.
#pragma once

#include "validator/schema/schema.h"

namespace sluice::schema {

template <typename Visit>
void for_each_expression(const DataType& data, const Visit& visit) {
  for (const Expression& argument : data.arguments) visit(argument);
  visit(data.switch_on);
  for (const Case& item : data.cases) {
    visit(item.match);
    for_each_expression(item.type, visit);
  }
}

// Calls `visit` for those that are absent too.
template <typename Visit>
void for_each_expression(const Member& member, const Visit& visit) {
  for_each_expression(member.data, visit);
  for (const Expression& argument : member.sizing.process.arguments) visit(argument);
  for (const Expression& choice : member.valid.any_of) visit(choice);
  for (const Expression* expression :
       {&member.sizing.size, &member.condition, &member.repeat_count, &member.repeat_until, &member.valid.equal,
        &member.valid.min, &member.valid.max, &member.valid.expression, &member.parent, &member.position, &member.io,
        &member.value, &member.sluice_valid}) {
    visit(*expression);
  }
}

template <typename Visit>
void for_each_expression(const TypeSpec& type, const Visit& visit) {
  for (const Member& member : type.members) for_each_expression(member, visit);
  for (const Assertion& assertion : type.asserts) visit(assertion.expression);
  visit(type.to_string);
  if (!type.endian_switch) return;
  visit(type.endian_switch->switch_on);
  for (const EndianSwitch::Case& item : type.endian_switch->cases) visit(item.match);
}

}  // namespace sluice::schema
