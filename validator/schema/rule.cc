#include "validator/schema/rule.h"

#include <algorithm>

namespace sluice::schema {

using expression::Binding;
using expression::Expr;

bool names_build(const Expression& e) {
  const auto visit = [](const auto& self, const Expr& expr) -> bool {
    switch (expr.binding.kind) {
      case Binding::Kind::build:
      case Binding::Kind::build_cap:
      case Binding::Kind::build_inputs: return true;
      default: return std::ranges::any_of(expr.children, [&](const auto& child) { return self(self, *child); });
    }
  };
  return e && visit(visit, *e.expr);
}

}  // namespace sluice::schema
