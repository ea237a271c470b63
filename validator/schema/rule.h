// Rules symbolically: what a rules document says over the fields of a schema, names resolved and types checked.
//
// The rules room reads them from a document into a Schema; `compile` turns them into instructions that run at the end
// of each element, so that one walk of a file serves all rules and all builds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "validator/finding/finding.h"
#include "validator/program/builds.h"
#include "validator/program/rule.h"
#include "validator/schema/expression.h"

namespace sluice::schema {

// The way from the root to a field, over sequences and structures: `instances.criteria`. Empty: the root itself.
struct RulePath {
  struct Step {
    TypeId type = kNoType;
    std::uint32_t member = 0;
    friend auto operator<=>(const Step&, const Step&) = default;
  };
  std::vector<Step> steps;
  std::string text;
  [[nodiscard]] bool empty() const { return steps.empty(); }
};

// Rows of a sequence that others look up by a key. In `key` the row is `_`.
struct RuleTable {
  RulePath in;
  Expression key;
};

// A name of a rule: a value, or a row of a table. Locals are numbered in the order in which they are computed.
struct RuleLocal {
  std::string name;
  std::optional<std::uint32_t> table;  // then `value` is the key to look up
  Expression value;
};

// A message: text before, then a value. The last part has no value.
struct MessagePart {
  std::string text;
  Expression value;
};

struct Rule {
  std::string id;  // `channel/known-type`
  Severity severity = Severity::error;
  std::string help;
  std::string text;  // the condition, as written: what is said where there is no message
  RulePath each;     // empty: once a file
  Expression where;
  std::vector<RuleLocal> locals;
  program::RuleKind kind = program::RuleKind::require;
  // require, unique, sorted: one. disjoint, acyclic, closed, nested, limit_depth: two. inside: four. limit_sum: one.
  // Others: none.
  std::vector<Expression> operands;
  Expression at_most;  // limits: over the root
  program::SortOrder order = {};
  std::vector<MessagePart> message;  // empty: none
  bool names_build = false;          // judged once for each build
};

// The three integers, named once (docs/contracts.md).
struct ContractUse {
  RulePath each;
  Expression where;
  Expression type;                     // of which template type, an integer
  Expression input;                    // from 0
  Expression active;                   // whether anybody is meant to evaluate it; may be absent. Not for judging
  std::optional<std::uint32_t> table;  // the content's own template types, ..
  Expression count;                    // .. how many inputs a row of it defines, over the row
  Expression name;                     // .. and what it is called; may be absent
};

struct RuleBook {
  std::string file;
  std::vector<RuleTable> tables;
  std::vector<Rule> rules;
  std::optional<ContractUse> uses;
  Expression from;  // the range of builds that a file declares for itself: strings over the root
  Expression to;
  std::vector<std::string> caps;  // that rules name
  [[nodiscard]] bool empty() const { return rules.empty() && !uses && !from; }
};

// Whether the value differs from build to build.
[[nodiscard]] bool names_build(const expression::Expr& expression);
[[nodiscard]] bool names_build(const Expression& expression);  // false where there is none

// Every expression of the book that judging computes, wherever it stands.
template <typename Visit>
void for_each_expression(const RuleBook& book, const Visit& visit) {
  for (const RuleTable& t : book.tables) visit(t.key);
  for (const Rule& r : book.rules) {
    visit(r.where);
    for (const RuleLocal& l : r.locals) visit(l.value);
    for (const Expression& e : r.operands) visit(e);
    visit(r.at_most);
    for (const MessagePart& p : r.message) visit(p.value);
  }
  if (book.uses) {
    for (const Expression* e :
         {&book.uses->where, &book.uses->type, &book.uses->input, &book.uses->count, &book.uses->name})
      visit(*e);
  }
  visit(book.from);
  visit(book.to);
}

}  // namespace sluice::schema
