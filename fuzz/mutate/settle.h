// Makes nearly valid content valid: tries what findings suggest, and keeps what leaves fewer or lesser ones.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutate/editor.h"
#include "fuzz/mutate/random.h"
#include "fuzz/mutate/repair.h"
#include "fuzz/mutate/tree.h"
#include "validator/finding/finding.h"

namespace sluice::mutate {

// How far content is from valid; the smaller the better. In the order of what hides what: where reading ended nothing
// was judged.
struct Distance {
  // Limits, ends of reading, values, references without a row, rules and contracts, warnings.
  std::array<std::uint32_t, 6> counts = {};
  [[nodiscard]] bool is_valid() const { return counts[0] + counts[1] + counts[2] + counts[3] + counts[4] == 0; }
  friend auto operator<=>(const Distance&, const Distance&) = default;
};

struct Judgement {
  Distance distance;
  std::vector<Finding> findings;  // the first ones
};

// What `check` says of the tree's bytes, the declared range of builds included.
[[nodiscard]] Judgement judge(const Tree& tree);

struct SettleLimits {
  std::uint32_t tries = 4000;       // contents that are judged
  std::uint64_t work = 16u << 20;   // bytes of all of them together
  std::uint32_t max_size = 65'536;  // larger contents are not looked at
  std::uint32_t detours = 0;        // places worse than the one at hand that it goes on from, where none is better
};

// What must hold of a tree all the way; empty: nothing.
using Keeps = std::function<bool(const Tree&)>;

class Settler {
 public:
  // Format and random numbers are aliased. With the same seed and trees the same is done.
  Settler(const Format& format, Random& random, SettleLimits limits = {});

  // Edits of a tree begin: by the editor, or on the tree where fields are pinned that are set. The tree is aliased
  // until the next call.
  Editor& begin(Tree& tree);
  // They end: what the schema ties to them is made consistent, and the tree is read again. False: something is not
  // consistent; see repair.h.
  bool repair();
  // They end, and the tree is changed until `check` accepts it, with a warning at most. False: it ran out of tries or
  // of ideas; the tree is then the best that was found, and `left()` what is wrong with it.
  [[nodiscard]] bool settle(const Keeps& keeps = {});
  // The same for a tree of unknown origin, every part of which may be inconsistent.
  [[nodiscard]] bool settle_everything(Tree& tree, const Keeps& keeps = {});

  void set_limits(SettleLimits limits) { limits_ = limits; }
  [[nodiscard]] const SettleLimits& limits() const { return limits_; }
  [[nodiscard]] const std::vector<Finding>& left() const { return left_; }
  [[nodiscard]] std::uint32_t tries() const { return tries_; }

 private:
  // A place that is as good as the one at hand.
  struct Beside {
    std::optional<Tree> tree;
    Judgement judgement;
  };
  bool improve(Tree& tree, Judgement& now, const Keeps& keeps);
  bool detour(Tree& tree, Judgement& now, const Keeps& keeps);
  void note_worse(const Tree& trial, Judgement&& then, const Finding& remedied);
  bool take(Tree& tree, Judgement& now, Tree& trial, const Finding& remedied, const Keeps& keeps, Beside& beside);
  [[nodiscard]] bool is_news(const Judgement& judgement) const;
  void sum(Tree& tree);
  bool repair_only();
  void read_again(Tree& tree);

  Editor editor_;
  Repairer repairer_;
  Tree* begun_ = nullptr;
  Random& random_;
  SettleLimits limits_;
  std::uint32_t tries_ = 0;
  std::uint64_t work_ = 0;
  std::vector<std::uint8_t> bytes_;
  std::set<std::size_t> seen_;  // what was wrong in the places that were left, hashed
  // Places where the finding that was remedied is gone, and others are there instead; the nearest first.
  struct Worse {
    Tree tree;
    Judgement judgement;
  };
  std::vector<Worse> worse_;
  std::vector<Finding> left_;
};

}  // namespace sluice::mutate
