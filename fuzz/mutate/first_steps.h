// What a person would try on a file before leaving it to chance: one step each, the simplest first. A fuzzer's
// deterministic stage.
#pragma once

#include <vector>

#include "fuzz/mutate/editor.h"
#include "fuzz/mutate/recipe.h"
#include "fuzz/mutate/tree.h"
#include "fuzz/mutate/verbs.h"

namespace sluice::mutate {

class FirstSteps {
 public:
  static constexpr std::size_t kMost = 1024;  // on one file

  explicit FirstSteps(const Format& format);  // aliased

  // Recipes that replay on the tree's bytes, in a file of at most `max_size`: inputs that nothing has used put to use,
  // the file cut and zeroed at its parts, texts without their end, arrays that grow, chains and circles of what refers
  // to each other, numbers at and beyond their bounds. Of the members of the schema that no tree before had, each at
  // the first place where the tree has it, the outer ones first; then those of the elements that an array could have
  // where it has none. Not all change the file.
  [[nodiscard]] std::vector<Recipe> next(const Tree& tree, std::size_t max_size);

 private:
  [[nodiscard]] std::vector<NodeId> take_new(const Tree& tree);
  [[nodiscard]] std::vector<Step> fill_empty(const Tree& tree, std::size_t max_size);

  const Verbs verbs_;
  Editor editor_;
  Tree filled_;  // the tree with an element in each array
  std::size_t num_sites_;
  std::vector<bool> is_known_;   // by site, those of elements behind; the root's is the last
  std::vector<bool> is_filled_;  // by site: whatever came of it
};

}  // namespace sluice::mutate
