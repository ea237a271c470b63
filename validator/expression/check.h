// Gives every node of an expression its type and every name its meaning.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/expression/ast.h"

namespace sluice::expression {

// Answers what names mean where an expression stands. Implemented by the schema room; by the rules room later.
class Scope {
 public:
  struct Named {
    Binding binding;
    Type type;
  };
  struct EnumMember {
    EnumId enum_id;
    Integer value;
  };

  virtual ~Scope() = default;

  // The type in which the expression stands: what a bare `_sizeof` measures.
  [[nodiscard]] virtual std::optional<TypeId> current_type() const { return std::nullopt; }

  // A bare name, and `_root`, `_parent`, `_io`, `_index`, `_`, `_on`.
  [[nodiscard]] virtual std::optional<Named> name(std::string_view name) const = 0;
  // A member of structure `type` (`kNoType`: of any structure), `_root _parent _io` included.
  [[nodiscard]] virtual std::optional<Named> member(TypeId type, std::string_view name) const = 0;
  [[nodiscard]] virtual std::optional<TypeId> find_type(const std::vector<std::string>& path, bool absolute) const = 0;
  [[nodiscard]] virtual std::optional<EnumId> find_enum(const std::vector<std::string>& path, bool absolute) const = 0;
  [[nodiscard]] virtual std::optional<Integer> enum_value(EnumId id, std::string_view label) const = 0;
  // The fixed size in bits of a type or of a named member; empty where it depends on the data.
  [[nodiscard]] virtual std::optional<Integer> size_of_type(TypeId type) const = 0;
  [[nodiscard]] virtual std::optional<Integer> size_of_member(TypeId owner, std::uint32_t index) const = 0;

  // For messages.
  [[nodiscard]] virtual std::string type_name(TypeId type) const = 0;
  [[nodiscard]] virtual std::string enum_name(EnumId id) const = 0;
  [[nodiscard]] virtual std::string enum_path(EnumId id) const = 0;  // `/enums/animal`
  [[nodiscard]] virtual std::string context_name() const = 0;        // `expr_0`
};

struct TypeError {
  std::uint32_t column = 1;
  std::string message;
};

// Checks `expr` and fills `type`, `binding` and `method` of each node. On failure returns false and fills `error`: the
// first in reading order, but the type of a cast comes before its operand. The expression is then partly filled and
// must not be compiled.
[[nodiscard]] bool check_types(Expr& expr, const Scope& scope, TypeError& error);

// Whether a value of type `from` may stand where `to` is expected (arguments, branches of a conditional).
[[nodiscard]] bool is_assignable(const Type& from, const Type& to);

// The one type that values of both types have: of an integer and a float a float, of two different structures any
// structure. Empty if there is none. What the branches of a conditional and the elements of an array need, and what
// the cases of a switch may lack (then the switch is of type `any`).
[[nodiscard]] std::optional<Type> combine(const Type& a, const Type& b);

// The type that a built-in name stands for: `u4le`, `b12`, `str`, `bytes`, `bool`, `struct`, `io`, `any`, ...
struct BuiltinType {
  Type type;
  std::optional<Integer> bits;  // empty where the name alone does not fix the size
};
[[nodiscard]] std::optional<BuiltinType> builtin_type(std::string_view name);

// Why `a` and `b` cannot be compared with `==` (or ordered, if `ordered`); empty if they can.
[[nodiscard]] std::string comparison_problem(const Type& a, const Type& b, BinaryOp op, const Scope& scope);

// The value of an expression made of literals, or empty. Used for sizes, enum keys and switch cases known at
// compile time.
[[nodiscard]] std::optional<Integer> constant_integer(const Expr& expr);

// The type as the compiler of record spells it in messages: `CalcIntType`, `CalcStrType`, ...
[[nodiscard]] std::string describe(const Type& type, const Scope& scope);

}  // namespace sluice::expression
