// The checker of check.cc and check_methods.cc. Private to them.
#pragma once

#include <string>

#include "validator/expression/check.h"

namespace sluice::expression {

// Each function checks one construct, its operands first, and returns false when it has told an error.
class Checker {
 public:
  Checker(const Scope& scope, TypeError& error) : scope_(scope), error_(error) {}

  bool check(Expr& e);

 private:
  bool check_children(Expr& e);

  bool check_array(Expr& e);
  bool check_fstring(Expr& e);
  bool check_name(Expr& e);
  bool check_enum_label(Expr& e);
  bool check_unary(Expr& e);
  bool check_binary(Expr& e);
  bool check_arithmetic(Expr& e);
  bool check_conditional(Expr& e);
  bool check_subscript(Expr& e);
  bool check_cast(Expr& e);
  bool check_size_of_type(Expr& e);

  // check_methods.cc
  bool check_attribute(Expr& e);
  bool check_call(Expr& e);
  bool check_member(Expr& e);
  bool check_method(Expr& e);
  bool check_size_of_value(Expr& e);

  bool bind(Expr& e, const Scope::Named& named);
  bool bind_size(Expr& e, Integer bits);
  bool unknown_name(const Expr& e, const std::string& context);
  bool fail(const Expr& e, std::string message);
  [[nodiscard]] std::string describe(const Type& type) const { return expression::describe(type, scope_); }

  const Scope& scope_;
  TypeError& error_;
};

}  // namespace sluice::expression
