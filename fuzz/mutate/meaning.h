// What an expression of the schema or of a rule comes to over a tree, valid or not, and which fields it reads.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "fuzz/mutate/tree.h"
#include "validator/expression/ast.h"

namespace sluice::mutate {

struct Known {
  enum class Kind : std::uint8_t { nothing, integer, text, node };
  Kind kind = Kind::nothing;
  Integer number = 0;          // integer; booleans are 0 and 1
  std::string_view text = {};  // text and bytes; aliases the tree or the expression
  NodeId node = kNoNode;  // the field that it is the value of, if it is one of the file; node: a structure or an array

  static Known of(Integer number) { return {.kind = Kind::integer, .number = number}; }
  [[nodiscard]] bool is_integer() const { return kind == Kind::integer; }
  [[nodiscard]] bool is_node() const { return kind == Kind::node; }
};

// What the names of an expression stand for where it is asked.
struct Standing {
  NodeId self = 0;                     // whose members bare names are
  Known element = {};                  // `_`
  Integer index = 0;                   // `_index`
  std::span<const Known> locals = {};  // of a rule
  const program::BuildFacts* build = nullptr;
};

// Everything is aliased. Nothing is allocated unless what is read is asked for.
class Meaning {
 public:
  explicit Meaning(const Tree& tree) : tree_(tree) {}

  // From here on fields that are read go to `reads`, once each in the order in which they are met, and the values of
  // integer expressions to `numbers`; either may be null. Both sides of every choice are then looked at.
  void watch(std::vector<NodeId>* reads, std::vector<Integer>* numbers) {
    reads_ = reads;
    numbers_ = numbers;
  }

  // Nothing, where the file does not have it or where no tree can tell (streams, floating numbers, text that is made).
  [[nodiscard]] Known evaluate(const schema::Expression& expression, const Standing& at);
  [[nodiscard]] Known evaluate(const expression::Expr& expr, const Standing& at);
  // A member of a structure, by what the schema says of it.
  [[nodiscard]] Known member(NodeId structure, std::uint32_t index);
  // The value of a field.
  [[nodiscard]] Known value_of(NodeId node);

 private:
  [[nodiscard]] Known compute(const expression::Expr& expr, const Standing& at);
  [[nodiscard]] Known named(const expression::Expr& expr, const Standing& at, const Known& base);
  [[nodiscard]] Known method(const expression::Expr& expr, const Standing& at);
  [[nodiscard]] Known unary(const expression::Expr& expr, const Standing& at);
  [[nodiscard]] Known binary(const expression::Expr& expr, const Standing& at);
  [[nodiscard]] Known subscript(const expression::Expr& expr, const Standing& at);
  [[nodiscard]] Known parameter(NodeId structure, std::uint32_t index);
  [[nodiscard]] bool is_watching() const { return reads_ != nullptr; }

  const Tree& tree_;
  std::vector<NodeId>* reads_ = nullptr;
  std::vector<Integer>* numbers_ = nullptr;
  std::uint32_t depth_ = 0;
  std::uint32_t steps_ = 0;
};

// The node at a path as findings write it, `instances[1].criteria[20].input`; what of it there is. `rest` is what was
// not found of the path.
[[nodiscard]] NodeId find_path(const Tree& tree, std::string_view path, std::string_view& rest);

}  // namespace sluice::mutate
