// Text -> symbolic expression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "validator/expression/ast.h"

namespace sluice::expression {

struct SyntaxError {
  std::uint32_t column = 1;  // 1-based, in characters of the expression's text
  std::string message;       // `parsing expression '1 *' failed on "*" at position 1:3, expected end-of-input`
};

inline constexpr std::size_t kMaxTextBytes = 64 * 1024;

// Parses one expression, all of `text`. On failure returns null and fills `error`. Nesting is limited to kMaxNesting
// levels, the tree to kMaxHeight, the text to kMaxTextBytes. What it returns does not alias `text`. Success does not
// promise that any name in it exists.
[[nodiscard]] ExprPtr parse(std::string_view text, SyntaxError& error);

// A type reference with arguments, as in `type: foo::bar(1, x + 2)`.
struct TypeReference {
  std::vector<std::string> path;
  bool is_absolute = false;
  std::vector<ExprPtr> arguments;
  bool has_arguments = false;
};
[[nodiscard]] bool parse_type_reference(std::string_view text, TypeReference& out, SyntaxError& error);

// A process call, as in `process: xor(key)`; the name may be dotted (`a.b.custom_fx`).
struct ProcessCall {
  std::string name;
  std::vector<ExprPtr> arguments;
};
[[nodiscard]] bool parse_process_call(std::string_view text, ProcessCall& out, SyntaxError& error);

}  // namespace sluice::expression
