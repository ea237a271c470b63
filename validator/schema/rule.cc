#include "validator/schema/rule.h"

#include <algorithm>

namespace sluice::schema {

using expression::Binding;
using expression::Expr;

bool names_build(const Expr& expression) {
  switch (expression.binding.kind) {
    case Binding::Kind::build:
    case Binding::Kind::build_cap:
    case Binding::Kind::build_inputs: return true;
    default: return std::ranges::any_of(expression.children, [](const auto& child) { return names_build(*child); });
  }
}

bool names_build(const Expression& expression) { return expression && names_build(*expression.expr); }

}  // namespace sluice::schema
