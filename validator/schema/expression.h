// An expression and where it was written.
#pragma once

#include <string>

#include "validator/document/node.h"
#include "validator/expression/ast.h"
#include "validator/expression/type.h"

namespace sluice::schema {

using expression::EnumId;
using expression::ExprPtr;
using expression::kNoEnum;
using expression::kNoType;
using expression::TypeId;

// An expression and where it was written.
struct Expression {
  ExprPtr expr;      // null: absent
  std::string text;  // as written
  std::string path;  // YAML path: `/types/foo/seq/1/size`
  document::Mark mark;
  explicit operator bool() const { return expr != nullptr; }
};

}  // namespace sluice::schema
