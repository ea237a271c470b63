// Making a tree hold together again after edits.
#pragma once

#include "fuzz/mutate/editor.h"
#include "fuzz/mutate/random.h"
#include "fuzz/mutate/solve.h"

namespace sluice::mutate {

// Looks at what the edits may have put out of order, and makes it hold as the schema says:
//
//   - what is there or not, and which case of a switch it is, follows the fields that it depends on;
//   - counts, sizes and positions: the field follows the structure, where it is free to; else the structure the field;
//   - equations, constants, bounds and enumerations: the field follows;
//   - conditions: some field in them that is free is set so that they hold;
//   - checksums last, the innermost first.
//
// A field that is pinned is not changed: what depends on it follows it. In bounded rounds; false if something was still
// out of order after the last, or has no way known to put it in order. Fresh and pinned marks are gone then.
class Repairer {
 public:
  // Aliased.
  explicit Repairer(Editor& editor) : editor_(editor), solver_(editor, random_) {}

  // `random` is what is left to chance of the next run. `draws_lengths`: what comes to be and has a length of its own
  // is not always the least.
  void begin(const Random& random, bool draws_lengths = false) {
    random_ = random;
    draws_lengths_ = draws_lengths;
  }
  bool run();
  // Only the checksums.
  void sum();

 private:
  void of_structure(NodeId id, std::uint32_t ties);
  void of_node(NodeId id, SiteId site, std::uint32_t ties);
  void presence(const Tie& tie, NodeId structure);
  void variant(const Tie& tie, NodeId structure);
  void count(const Tie& tie, NodeId array);
  void size(const Tie& tie, NodeId id);
  void position(const Tie& tie, NodeId id);
  void equal(const Tie& tie, NodeId id);
  [[nodiscard]] std::uint32_t others_than(const Tie& tie, NodeId id) const;
  void contents(NodeId id);
  void range(const Tie& tie, NodeId id);
  void any_of(NodeId id);
  void in_enum(NodeId id);
  void holds(const Tie& tie, const Scope& scope);

  bool create(NodeId structure, SiteId site);
  bool create_placed(NodeId structure, SiteId site, NodeId at);
  void add_elements(NodeId array, std::uint32_t have, std::uint32_t want);
  void resize(NodeId id, std::uint32_t want);
  void draw_length(NodeId id);
  [[nodiscard]] bool can_grow(NodeId id) const;
  void grow(NodeId id, std::uint32_t by);
  void shrink(NodeId id, std::uint32_t by);
  [[nodiscard]] std::optional<Integer> value(const Formula& formula, const Scope& scope) const;
  void put(NodeId id, Integer value);

  void add_sum(NodeId id);
  struct Sum {
    NodeId id;
    std::uint32_t from, to;
  };

  Editor& editor_;
  Random random_{0};
  Solver solver_;
  Fragment fragment_;
  std::vector<Sum> sums_;
  int pass_ = 0;
  bool draws_lengths_ = false;
  bool stuck_ = false;
};

// Edits nothing but what does not hold anyway: `repair` of everything at once, for a file of unknown origin.
bool repair_everything(Tree& tree, std::uint64_t seed);

}  // namespace sluice::mutate
