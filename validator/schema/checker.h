// Checks expressions where they stand. Private to check.cc and check_member.cc.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "validator/expression/check.h"
#include "validator/schema/loader.h"
#include "validator/schema/scope.h"

namespace sluice::schema {

// For the expressions of one type, after every member has its type.
class ExpressionChecker {
 public:
  ExpressionChecker(Loader& loader, const TypeSpec& type) : loader_(loader), type_(type) {}

  void check_member(Member& member);
  void check_type(TypeSpec& type);

 private:
  // Gives the expression types; empty if it is absent or, with a problem, wrong.
  const expression::Type* check(Expression& expression, const Locals& locals = {});
  // The same, and it must be of that kind. `wanted` is how messages name it.
  bool expect(Expression& expression, expression::TypeKind kind, std::string_view wanted, const Locals& locals = {});
  bool expect_boolean(Expression& e, const Locals& l = {}) {
    return expect(e, expression::TypeKind::boolean, "boolean", l);
  }
  bool expect_integer(Expression& e, const Locals& l = {}) {
    return expect(e, expression::TypeKind::integer, "integer", l);
  }
  void expect_comparable(const expression::Type& type, Expression& expression, const Locals& locals, bool ordered);

  void check_data_type(DataType& data, const std::string& path, const Locals& locals);
  void check_switch(DataType& data, const std::string& path, Locals locals);
  void check_arguments(DataType& data, const std::string& path, const Locals& locals);
  void check_process(Member& member, const Locals& locals);
  void check_parent(Member& member, const Locals& locals);
  void check_valid(Member& member, const Locals& locals);
  void check_checksum(const Member& member);
  void check_value_instance(Member& member);
  void check_endian_switch(EndianSwitch& endian);

  void error(const std::string& path, document::Mark mark, std::string message);

  Loader& loader_;
  const TypeSpec& type_;
};

}  // namespace sluice::schema
