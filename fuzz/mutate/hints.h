// What a schema and its rules say in passing, and a mutation can use.
#pragma once

#include <vector>

#include "fuzz/mutate/formula.h"

namespace sluice::mutate {

struct Hints {
  explicit Hints(const Format& format);  // aliased

  // Numbers that schema, rules and builds mention, sorted: where behaviour changes.
  std::vector<Integer> numbers;
  // Of them what builds have room for.
  std::vector<Integer> caps;

  // Elements that refer to others, by the rules `acyclic` and `limit: {depth}`.
  struct Reference {
    const schema::RulePath* each;
    Formula where;
    Formula node;  // what refers to the element, ..
    Formula to;    // .. and what it refers to
  };
  std::vector<Reference> references;

  // Ranges that rules compare: `disjoint` and `inside`.
  struct Range {
    const schema::RulePath* each;
    Formula from;
    Formula size;
  };
  std::vector<Range> ranges;

  // Keys that rise from element to element, by the rules `unique` and `sorted`.
  struct Order {
    const schema::RulePath* each;
    SiteId key;  // a member of the element
  };
  std::vector<Order> orders;

  // The contract's uses: elements that use an input, where `where` holds.
  struct Use {
    const schema::RulePath* each;
    Formula where;
  };
  std::vector<Use> uses;

  // Whether a node is one of the structures that a rule is about.
  [[nodiscard]] bool is_at(const Node& node, const schema::RulePath& path) const;
  // Whether it is an element that could use an input, and uses none.
  [[nodiscard]] bool is_unused(const Tree& tree, NodeId id) const;

  const Format& format;
};

}  // namespace sluice::mutate
