// Shrinks content in the schema's words, then as bytes.
#pragma once

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
#include "fuzz/shrink/asker.h"
#include "fuzz/shrink/plain.h"

namespace sluice::shrink {

class ContentShrinker {
 public:
  // The input that content is part of.
  using Wrap = std::function<std::vector<std::uint8_t>(std::span<const std::uint8_t> content)>;

  // Format, plain content and asker are aliased.
  ContentShrinker(const mutate::Format& format, const Plain& plain, Asker& asker);

  // `content`, wrapped, shows it. What comes of it reads as far, and `check` finds nothing in it that it does not find
  // in this.
  void begin(std::span<const std::uint8_t> content);
  // Until nothing goes. Returns whether anything went.
  bool run(const Wrap& wrap);
  [[nodiscard]] std::span<const std::uint8_t> content() const { return tree_.bytes(); }
  // Whether everything was tried that is known, not just the larger parts of it.
  [[nodiscard]] bool is_done() const { return is_done_; }
  // The fields without whose difference from plain there is no fault.
  [[nodiscard]] std::vector<Needed> needed(const Wrap& wrap);

 private:
  using Edit = std::function<bool(mutate::Editor&)>;

  // How far reading came: to which member of the root, and whether to its end.
  struct Reach {
    bool is_whole = false;
    std::uint64_t member = 0;
    friend auto operator<=>(const Reach&, const Reach&) = default;
  };
  [[nodiscard]] static Reach reach_of(const mutate::Tree& tree);

  // Makes the edit on a copy of the tree, and takes the copy if it shows the fault and is better. `edit` returns false
  // if it can do nothing. The node numbers that it uses are those of `tree_`, which are others afterwards.
  bool attempt(const Edit& edit);
  // The same, with nothing but checksums put in order.
  bool attempt_alone(const Edit& edit);
  bool take(std::span<const std::uint8_t> bytes, bool is_better_anyway = false);
  bool take_without_gaps();
  bool keep_beyond_end();
  void repair();
  [[nodiscard]] bool shows(std::span<const std::uint8_t> content) { return asker_.shows((*wrap_)(content)); }
  [[nodiscard]] mutate::NodeId find(const std::string& path) const;
  [[nodiscard]] std::set<std::string> wrongs_of(std::span<const std::uint8_t> content) const;

  // One round of each kind of step; whether anything went.
  bool mend();
  void mend_tie(mutate::TieId tie);
  bool erase_elements();
  bool erase_elements_of(const std::string& array);
  bool erase_options();
  bool erase_gaps();
  bool erase_gap(std::uint32_t from, std::uint32_t to);
  bool reset_values();
  bool reset_value(const std::string& leaf);
  bool reset_equals();
  bool lower(const std::string& number);
  bool shorten(const std::string& leaf);
  bool blank(const std::string& leaf);
  using ByteEdit = std::function<void(std::vector<std::uint8_t>& bytes, std::size_t begin, std::size_t end)>;
  bool edit_pieces(const ByteEdit& edit);
  bool erase_bytes();
  bool zero_bytes();

  [[nodiscard]] std::vector<mutate::NodeId> off_leaves() const;
  [[nodiscard]] bool is_broken(mutate::SiteId site) const;
  [[nodiscard]] std::optional<std::string> right_value(mutate::NodeId leaf);
  [[nodiscard]] bool follows(mutate::NodeId leaf);
  [[nodiscard]] mutate::NodeId counted_by(mutate::NodeId field) const;
  [[nodiscard]] std::optional<std::string> cure_of(mutate::NodeId leaf);
  [[nodiscard]] std::optional<bool> shows_with(mutate::NodeId leaf, const Edit& set);
  [[nodiscard]] bool is_too_fine(std::size_t count, std::size_t piece, bool has_gone);

  const mutate::Format& format_;
  const Plain& plain_;
  Asker& asker_;
  const Wrap* wrap_ = nullptr;
  mutate::Tree tree_;
  mutate::Tree trial_;
  mutate::Tree next_;
  mutate::Editor editor_;
  mutate::Repairer repairer_;
  Rank rank_;
  Reach reach_;
  std::set<std::string> wrongs_;       // what `check` found in the first content
  std::vector<mutate::TieId> broken_;  // that do not hold, and the fault may need it
  std::uint32_t gap_bytes_ = 0;        // that are left
  bool is_done_ = true;
};

}  // namespace sluice::shrink
