// What the generator wants its files to have, feature by feature, and how a file is brought towards one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/mutate/features.h"
#include "fuzz/mutate/question.h"
#include "fuzz/mutate/random.h"
#include "fuzz/mutate/settle.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

// The features that valid files are to have: every case of a switch, every member of an enum, both ends of each bound,
// what is optional there and not there, repeats that are empty and as long as is reasonable, and every use that a
// contract knows. Ascending.
[[nodiscard]] std::vector<std::size_t> goals_of(const Format& format, const Features& features);

// Changes a tree towards one feature. It need not be valid after that, nor have the feature yet.
class Approach {
 public:
  // All are aliased.
  Approach(const Features& features, Settler& settler, Random& random)
      : features_(features), settler_(settler), random_(random) {}

  // `editor` is the settler's, where a tree was begun. False: nothing is known that could be done, and `why()` says
  // what is missing. `is_done`: the tree is to have the feature now, if it can be made valid; otherwise this was a
  // step, and the next is to be taken on the tree that it leads to.
  [[nodiscard]] bool step(Editor& editor, std::size_t goal, bool& is_done);

  [[nodiscard]] const std::string& why() const { return why_; }
  // Whether the tree has what the last step was for, where that was a structure.
  [[nodiscard]] bool has_made(const Tree& tree) const;

 private:
  bool make_structure(Editor& editor, schema::TypeId type, std::uint32_t depth);
  bool make_member(Editor& editor, NodeId structure, SiteId site);
  bool set_number(Editor& editor, const Feature& feature);
  bool set_count(Editor& editor, const Feature& feature);
  bool choose_case(Editor& editor, NodeId structure, const Feature& feature);
  bool set_presence(Editor& editor, NodeId structure, const Feature& feature);
  bool make_use(Editor& editor, const Feature& feature, bool& is_done);
  [[nodiscard]] NodeId new_use(Editor& editor, const Feature& feature);
  [[nodiscard]] NodeId last_of(Editor& editor, NodeId holder);
  bool set_answer(Tree& tree, const Question& question, Integer wanted);
  [[nodiscard]] NodeId pick(const Tree& tree, schema::TypeId type);
  [[nodiscard]] NodeId pick_site(const Tree& tree, SiteId site, bool wants_array);

  const Features& features_;
  Settler& settler_;
  Random& random_;
  schema::TypeId made_ = schema::kNoType;
  std::string why_;
};

}  // namespace sluice::mutate
