// An expression together with where it is asked, in words that hold for every tree of the same shape: what a finding is
// about, and what a change can be tried against.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/mutate/meaning.h"
#include "fuzz/mutate/tree.h"
#include "validator/schema/rule.h"

namespace sluice::mutate {

// Aliases the schema and the builds.
struct Question {
  const expression::Expr* expr = nullptr;
  NodeId self = 0;                     // of the schema's expressions: the structure
  NodeId element = kNoNode;            // `_`
  const schema::Rule* rule = nullptr;  // whose `let` and `join` the expression may name
  const program::BuildFacts* build = nullptr;

  [[nodiscard]] Question with(const expression::Expr& other) const {
    Question question = *this;
    question.expr = &other;
    return question;
  }
};

[[nodiscard]] Known ask(const Tree& tree, const Question& question);
[[nodiscard]] std::optional<Integer> ask_integer(const Tree& tree, const Question& question);

// The fields that the answer depends on, and the integers that it comes by.
struct Reads {
  std::vector<NodeId> fields;
  std::vector<Integer> numbers;
};
[[nodiscard]] Reads reads_of(const Tree& tree, const Question& question);

// The elements that a path of the rules leads to, in the order of the file; at most `limit`.
[[nodiscard]] std::vector<NodeId> elements_of(const Tree& tree, const schema::RulePath& path,
                                              std::size_t limit = kMostNodes);
// The nodes that hold the last step's field: mostly arrays.
[[nodiscard]] std::vector<NodeId> holders_of(const Tree& tree, const schema::RulePath& path);
// The first row of a table with this key.
[[nodiscard]] NodeId find_row(const Tree& tree, const schema::RuleTable& table, const Known& key);
// What a rule's `let` and `join` come to for one element.
[[nodiscard]] std::vector<Known> locals_of(const Tree& tree, const schema::Rule& rule, NodeId element,
                                           const program::BuildFacts* build);

// Sets `field` so that `value` of the tree becomes `wanted`, where it depends on the field by a straight line, and pins
// it: `repair` leaves it so. False: the tree is as it was.
[[nodiscard]] bool solve(Tree& tree, NodeId field, const std::function<std::optional<Integer>(const Tree&)>& value,
                         Integer wanted);
// The same for the expression of a question.
[[nodiscard]] bool solve(Tree& tree, NodeId field, const Question& question, Integer wanted);

// Sets a text in its field: padded or ended as the schema says. False: it is too long, or the field holds no text.
[[nodiscard]] bool set_text(Tree& tree, NodeId field, std::string_view text);

}  // namespace sluice::mutate
