// Coverage that sees data: what a content file has in it, as indices into a table of 8-bit counters. Edges of code do
// not tell the twentieth input from the twenty-first; these do.
//
// What is counted, each as a feature of its own:
//   uses     template type x input x operator, of what the rules' `uses` names
//   numbers  of each field: below, at and above its bounds, one inside of them, and its length in bits between
//   enums    each member, and a value that is none
//   switches each case; optional fields: there, and not there
//   texts    each character, and how often, by logarithm, in one text or one array of bytes
//   sizes    of repeats in elements and of texts in bytes, by logarithm; the depth of structures in structures
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutate/bounds.h"
#include "fuzz/mutate/formula.h"
#include "fuzz/mutate/tree.h"

namespace sluice::mutate {

// libFuzzer wants its extra counters to have a fixed place and size.
inline constexpr std::size_t kMostFeatures = 65'536;

// One feature, taken apart.
struct Feature {
  enum class Kind : std::uint8_t {
    use,
    below,
    at_min,
    above_min,
    bits,
    below_max,
    at_max,
    above,
    member,
    unknown,
    case_of,
    no_case,
    absent,
    present,
    count,
    size,
    depth,
    character
  };
  Kind kind = Kind::use;
  SiteId site = kNoSite;  // of a use: of the operator, if there is one
  Integer value = 0;      // member: it; case_of: which; bits, count, size, depth: the logarithm; use: the operator;
                          // character: its class
  Integer times = 0;      // character: the logarithm
  Integer type = 0;       // use
  Integer input = 0;      // use
  bool is_exact = true;   // use; false: of this type and those that share its place
};

// Where the features of uses stand.
struct UseTable {
  std::vector<schema::RulePath::Step> steps;
  std::optional<SiteId> op;
  std::vector<Integer> ops;     // a use with another value counts as one more
  std::vector<Integer> types;   // that builds name, ascending; others share places
  std::vector<Integer> bounds;  // the inputs of each
  std::size_t inputs = 0;       // the last stands for all that are higher
  std::size_t first = 0;
  std::size_t count = 0;
};

// The class of a count or a size: 0 to 3, then by the power of two. At most that of half a million.
[[nodiscard]] std::size_t log_class(std::uint64_t n);
// What is in a class, in words: `3`, `8 or more`.
[[nodiscard]] std::string from_logarithm(Integer logarithm);

class Features {
 public:
  // The format is aliased.
  explicit Features(const Format& format);

  // Sets the counter of every feature that the tree has to 1; the others stay as they are. Counters past the end of the
  // span are left out. Allocates nothing.
  void mark(const Tree& tree, std::span<volatile std::uint8_t> counters) const;

  // At most kMostFeatures; a schema that has more loses the last ones.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Feature at(std::size_t index) const;
  [[nodiscard]] std::string name(std::size_t index) const;

  // The uses that a content file can have by what the schema, the rules and the builds say: what a gate asks for.
  [[nodiscard]] std::vector<std::size_t> expressible_uses() const;
  // Whether builds name the types of uses. Where none does, the first stands for all.
  [[nodiscard]] bool knows_types() const { return uses_ && !uses_->types.empty(); }
  // The label that the schema gives the operator of a use; empty: uses have none.
  [[nodiscard]] std::string operator_of(const Feature& use) const;

  // A use that a tree has, by the numbers of `sluice_reached` (fuzz/target/target.h).
  struct Use {
    std::uint32_t instance = 0;
    std::uint32_t criterion = 0;
    std::size_t feature = 0;
    NodeId element = kNoNode;
  };
  [[nodiscard]] std::vector<Use> uses_of(const Tree& tree) const;

 private:
  // The features of one field, beginning at `first`.
  struct Row {
    enum class Kind : std::uint8_t { number, enumeration, cases, presence, count, size };
    Kind kind;
    SiteId site;
    std::size_t first;
    std::size_t length;
    std::optional<Bounds> bounds = {};  // of a number, where they are the same in every file
  };
  void add_site(SiteId site);
  bool add_row(Row::Kind kind, SiteId site, std::size_t length);
  void add_uses();
  void add_texts();
  void find_operator();
  [[nodiscard]] std::size_t inputs_by_schema() const;
  [[nodiscard]] Feature use_at(std::size_t index) const;
  [[nodiscard]] Feature text_at(std::size_t index) const;
  [[nodiscard]] std::string text_name(const Feature& feature) const;
  [[nodiscard]] std::string use_name(const Feature& feature) const;
  [[nodiscard]] std::size_t use_index(std::size_t type, std::size_t input, std::size_t op) const;
  void mark_number(const Tree& tree, NodeId node, const Row& row, std::span<volatile std::uint8_t> counters) const;
  static constexpr std::size_t kClasses = 38;  // of characters
  static constexpr std::size_t kTimes = 6;     // 1, 2, 3, 4.., 8.., 16..
  static constexpr std::size_t kTextFeatures = kClasses * kTimes;
  // How often each class was met in one text; bytes that are fields of elements make a text of their array.
  struct Tally {
    NodeId of = kNoNode;
    SiteId site = kNoSite;
    std::array<std::uint32_t, kClasses> times{};
  };
  void mark_text(const Tree& tree, NodeId node, Tally& tally, std::span<volatile std::uint8_t> counters) const;
  [[nodiscard]] std::optional<std::size_t> use_of(const Tree& tree, NodeId element) const;
  [[nodiscard]] const Row* row_of(SiteId site, Row::Kind kind) const;

  static constexpr std::size_t kOtherTypes = 16;

  const Format& format_;
  std::size_t size_ = 0;
  std::vector<Row> rows_;                      // ascending by `first`
  std::vector<std::uint32_t> site_rows_;       // the first row of each site; rows of one site stand together
  std::vector<std::size_t> first_texts_;       // of each site; 0: it has none
  std::vector<std::vector<SiteId>> optional_;  // members of each type that may be absent
  Formula where_, type_, input_;               // of the rules' `uses`
  std::optional<UseTable> uses_;
  std::size_t depths_ = 0;
  std::size_t texts_ = 0;  // the first of texts
};

}  // namespace sluice::mutate
