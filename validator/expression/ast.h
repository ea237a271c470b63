// The symbolic form of an expression: what the schema's author wrote, and, once `check_types` has run, what each
// name in it stands for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "validator/expression/integer.h"
#include "validator/expression/type.h"

namespace sluice::expression {

enum class UnaryOp : std::uint8_t { negate, invert, logical_not };

enum class BinaryOp : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  bit_and,
  bit_or,
  bit_xor,
  shift_left,
  shift_right,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or,
};

enum class ExprKind : std::uint8_t {
  integer,       // value
  floating,      // number
  boolean,       // value is 0 or 1
  string,        // text, UTF-8
  fstring,       // children: string literals and expressions, concatenated after to_s
  array,         // children; type tells bytes literal from true array
  name,          // text
  enum_label,    // path = enum's path, text = label
  unary,         // unary_op, children[0]
  binary,        // binary_op, children[0..1]
  conditional,   // children[0] ? children[1] : children[2]
  attribute,     // children[0] . text
  call,          // children[0] . text ( children[1..] )
  subscript,     // children[0] [ children[1] ]
  cast,          // children[0] .as<path>, cast_to_array
  size_of_type,  // sizeof<path> or, with `bits`, bitsizeof<path>
};

// What a name or an attribute stands for. Filled by `check_types`.
struct Binding {
  enum class Kind : std::uint8_t {
    none,
    member,  // `index` in the members of type `owner`
    root,
    parent,
    io,            // _root _parent _io
    index,         // _index
    element,       // _   in repeat-until and valid
    switch_value,  // _on or, in the cases of an endian switch, nothing
    method,        // a built-in named by `method`
    size_of,       // x._sizeof: `size` bytes, a constant
    local,         // rules: a `let` or a `join`, by `index`
    top,           // rules: the root of the file, wherever the rule stands
    build,         // rules: build.name, build.support by `index`
    build_cap,     // rules: build.caps.x by `index`
    build_inputs,  // rules: build.supplies, build.defines by `index`; only with a subscript
  };
  Kind kind = Kind::none;
  TypeId owner = kNoType;
  std::uint32_t index = 0;
  Integer size = 0;
};

enum class Method : std::uint8_t {
  none,
  to_s,
  to_i,
  length,
  reverse,
  substring,
  to_b,
  size,
  first,
  last,
  min,
  max,
  index_of,
  pos,
  eof,
};

// How deep `parse` lets a tree grow. Parentheses and operands nest to kMaxNesting; chains (`a + b + ...`) go further.
inline constexpr std::uint32_t kMaxHeight = 1000;
inline constexpr std::uint32_t kMaxNesting = 200;

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Expr {
  ExprKind kind = ExprKind::integer;
  std::uint32_t column = 1;  // 1-based, in the expression's text: of the operator, or of the name after the dot
  Integer value = 0;
  double number = 0;
  std::string text;
  std::vector<std::string> path;
  bool path_is_absolute = false;  // ::a::b
  bool cast_to_array = false;
  bool bits = false;
  UnaryOp unary_op = UnaryOp::negate;
  BinaryOp binary_op = BinaryOp::add;
  std::vector<ExprPtr> children;
  std::uint32_t height = 1;  // of the tree from here down, at most kMaxHeight: who walks it may recurse

  // Filled by check_types, which also sets `value` of an enum label to the member's.
  Type type;
  Binding binding;
  Method method = Method::none;
};

[[nodiscard]] ExprPtr clone(const Expr& expr);

// The expression in the language, fully parenthesised: what tests and explanations read.
[[nodiscard]] std::string print(const Expr& expr);

// The expression as Kaitai's own compiler names it in the paths of its messages: `IntNum(42)`,
// `Name(identifier(ahem))`, `Str(foo)`.
[[nodiscard]] std::string print_as_path(const Expr& expr);

}  // namespace sluice::expression
