// The ways to change content on purpose. Each is drawn first, with everything that is left to chance, and then applied.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "fuzz/mutate/editor.h"
#include "fuzz/mutate/hints.h"
#include "fuzz/mutate/random.h"
#include "fuzz/mutate/recipe.h"
#include "fuzz/mutate/site_index.h"

namespace sluice::mutate {

// Other files of the format, by the hash of their bytes.
struct Donor {
  std::uint64_t hash = 0;
  std::shared_ptr<const Tree> tree;
};

// A tree that something is drawn from.
struct Looking {
  const Tree& tree;
  const SiteIndex* sites = nullptr;
};

inline constexpr Integer kMostCopies = 1024;  // that one step makes or takes away

class Verbs {
 public:
  explicit Verbs(const Format& format);  // aliased

  [[nodiscard]] const Hints& hints() const { return hints_; }

  // Empty: the tree has nothing that the verb could be done to. `sites`, if given, is of the tree, and changes nothing
  // but how long it takes.
  [[nodiscard]] std::optional<Step> draw(Verb verb, const Tree& tree, std::span<const Donor> donors, Random& random,
                                         const SiteIndex* sites = nullptr) const;
  // False: it could not be done, for want of room or because the step is of another tree; what was done of it stays.
  // change_bytes and insert_text take their bytes from `payload`.
  bool apply(const Step& step, Editor& editor, std::span<const Donor> donors,
             std::span<const std::uint8_t> payload) const;

 private:
  [[nodiscard]] std::optional<Step> draw_splice(const Looking& at, std::span<const Donor> donors, Random& random) const;
  [[nodiscard]] std::optional<Step> draw_overlap(const Looking& at, Random& random) const;
  [[nodiscard]] std::optional<Step> draw_cycle(const Looking& at, Random& random) const;
  [[nodiscard]] std::optional<Step> draw_use(const Looking& at, Random& random) const;
  [[nodiscard]] Integer draw_value(const Looking& at, NodeId id, Random& random, bool& keeps) const;
  void draw_run(const Tree& tree, Step& step, Random& random) const;
  [[nodiscard]] Integer draw_copies(const Tree& tree, NodeId& id, Random& random) const;
  struct Count {
    Integer all = 0;   // in the tree
    Integer here = 0;  // of them in the subtree
  };
  [[nodiscard]] Count count_inside(const Tree& tree, NodeId id, Random& random) const;
  [[nodiscard]] Integer draw_tag(const Tree& tree, NodeId id, Random& random) const;
  [[nodiscard]] Integer draw_end(const Looking& at, NodeId id, Random& random) const;
  // Where keys have to rise, those of an array that do not any more are made to, most times.
  void number_anew(NodeId array, const Step& step, Editor& editor) const;
  // Whether its length is its own, or a field's that follows it: of texts, bytes, and elements up to the end.
  [[nodiscard]] bool is_elastic(SiteId site) const;

  void set_and_leave(const Step& step, Editor& editor, std::initializer_list<TieKind> kinds) const;
  bool splice(const Step& step, Editor& editor, std::span<const Donor> donors) const;
  bool overlap(const Step& step, Editor& editor) const;
  bool make_cycle(const Step& step, Editor& editor) const;
  bool duplicate(const Step& step, Editor& editor) const;
  bool insert_text(const Step& step, Editor& editor, std::span<const std::uint8_t> text) const;
  // Whether it is a text: a string, bytes, or elements with a character each; of a length that is its own.
  [[nodiscard]] bool is_text(SiteId site) const;
  bool insert_new(const Step& step, Editor& editor) const;
  bool lengthen(const Step& step, Editor& editor) const;
  bool change_bytes(NodeId node, Editor& editor, std::span<const std::uint8_t> bytes) const;

  const Format& format_;
  const Ties& ties_;
  Hints hints_;
  std::vector<bool> is_counter_;   // by site: a count or size goes by it
  std::vector<bool> is_position_;  // by site: a position goes by it
  std::vector<bool> is_elastic_;   // by site
  std::vector<bool> is_text_;      // by site
  // Those sites; numbers that are free; fields that say what something is.
  std::vector<SiteId> counters_, positions_, elastic_, texts_, numbers_, tags_;
};

}  // namespace sluice::mutate
