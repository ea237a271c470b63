// Expressions computed backwards: which field to set to what, so that they have a wanted value.
#pragma once

#include "fuzz/mutate/editor.h"
#include "fuzz/mutate/random.h"

namespace sluice::mutate {

class Solver {
 public:
  // Both are aliased.
  Solver(Editor& editor, Random& random) : editor_(editor), random_(random) {}

  // Sets one field so that the formula has the value. A field that is pinned or bound is not set, other than `target`,
  // which is tried first. False: there is no way that is known, and nothing is changed. `owner`: who asks (see
  // Editor::claim); kNoNode: nobody, and the field is pinned.
  // `overrides`: pinned fields are set too.
  [[nodiscard]] bool make(const Formula& formula, const Scope& scope, Integer value, SiteId target, NodeId owner,
                          bool overrides = false);

  // Sets fields so that the condition is `wanted`, and pins them. False: no way is known; some may be set all the same.
  bool settle(const Formula& formula, const Scope& scope, bool wanted = true);
  // Tries the values of each enumeration that the condition names itself, one field at a time.
  bool search(const Formula& formula, const Scope& scope);

 private:
  struct Goal {
    SiteId target;
    NodeId owner;
    bool may_set_bound;
    bool overrides = false;
  };
  bool invert(const Formula& formula, std::uint32_t term, const Scope& scope, Integer value, const Goal& goal);
  bool invert_member(const Formula& formula, const Term& term, const Scope& scope, Integer value, const Goal& goal);
  bool invert_binary(const Formula& formula, const Term& term, const Scope& scope, Integer value, const Goal& goal);
  bool invert_length(NodeId leaf, Integer value);
  bool set_leaf(NodeId leaf, Integer value, const Goal& goal);
  bool settle_term(const Formula& formula, std::uint32_t term, const Scope& scope, bool wanted);
  bool settle_comparison(const Formula& formula, const Term& term, const Scope& scope, bool wanted);
  bool settle_other(const Formula& formula, const Term& term, const Scope& scope, Integer not_this);
  [[nodiscard]] std::optional<Integer> integer_of(const Formula& formula, std::uint32_t term, const Scope& scope) const;

  Editor& editor_;
  Random& random_;
  std::uint32_t depth_ = 0;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace sluice::mutate
