// Makes nearly valid content valid: tries what findings suggest, and keeps what leaves fewer or lesser ones.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutate/editor.h"
#include "fuzz/mutate/random.h"
#include "fuzz/mutate/tree.h"
#include "validator/finding/finding.h"

namespace sluice::mutate {

// How far content is from valid; the smaller the better. In the order of what hides what: where reading ended nothing
// was judged.
struct Distance {
  std::array<std::uint32_t, 5> counts = {};  // limits, ends of reading, values, rules and contracts, warnings
  [[nodiscard]] bool is_valid() const { return counts[0] + counts[1] + counts[2] + counts[3] == 0; }
  friend auto operator<=>(const Distance&, const Distance&) = default;
};

struct Judgement {
  Distance distance;
  std::vector<Finding> findings;  // the first ones
};

// What `check` says of the tree's bytes, the declared range of builds included.
[[nodiscard]] Judgement judge(const Tree& tree);

struct SettleLimits {
  std::uint32_t tries = 4000;         // contents that are judged
  std::uint32_t max_size = 65'536;  // larger contents are not looked at
};

class Settler {
 public:
  // Format and random numbers are aliased. With the same seed and trees the same is done.
  Settler(const Format& format, Random& random, SettleLimits limits = {});

  // Repairs the tree, then changes it until `check` accepts it, with a warning at most. `keeps`: what must hold of the
  // tree all the way; empty: nothing. False: it ran out of tries or of ideas; the tree is then the best that was found,
  // and `left()` what is wrong with it.
  [[nodiscard]] bool settle(Tree& tree, const std::function<bool(const Tree&)>& keeps = {});

  void set_limits(SettleLimits limits) { limits_ = limits; }
  [[nodiscard]] const std::vector<Finding>& left() const { return left_; }
  [[nodiscard]] std::uint32_t tries() const { return tries_; }

 private:
  void repair(Tree& tree);
  bool improve(Tree& tree, Judgement& now, const std::function<bool(const Tree&)>& keeps);

  Editor editor_;
  Random& random_;
  SettleLimits limits_;
  std::uint32_t tries_ = 0;
  std::vector<Finding> left_;
};

}  // namespace sluice::mutate
