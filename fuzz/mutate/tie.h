// What a schema ties together: which expressions say where a part lies, how large it is, how often it repeats, which
// value it has.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/mutate/formula.h"

namespace sluice::mutate {

// The expressions of one member. Absent ones are of nothing.
struct SiteFormulas {
  Formula condition;
  Formula size;
  Formula count;
  Formula position;
  Formula io;
  Formula value;  // value instance
  Formula equal;  // valid
  Formula least;
  Formula most;
  std::vector<Formula> any_of;
  Formula expression;
  Formula switch_on;
  struct Case {
    Formula match;  // of nothing: `_`
    const schema::DataType* data = nullptr;
    std::optional<Integer> number = {};  // `match`, where it is one
  };
  std::vector<Case> cases;
  std::vector<std::pair<schema::TypeId, std::vector<Formula>>> arguments;  // of each structure that it can be

  [[nodiscard]] const std::vector<Formula>* arguments_of(schema::TypeId type) const;
};

enum class TieKind : std::uint8_t {
  presence,   // `if` holds, and it is there, or neither
  variant,    // it is the case that `switch-on` says
  count,      // as many elements as `repeat-expr` says
  size,       // as many bytes as `size` says
  position,   // where `pos` says
  equal,      // `valid: x`
  contents,   // `contents`
  range,      // `valid: {min, max}`
  any_of,     // `valid: {any-of}`
  in_enum,    // `valid: {in-enum: true}`
  holds,      // `valid: {expr}`
  assertion,  // `-sluice-asserts`, of a type
  checksum,   // `-sluice-checksum`
};

using TieId = std::uint32_t;

// A tie that may cease to hold when a field changes, and where it is then to be looked at.
struct Reader {
  enum class Place : std::uint8_t {
    around,    // of the structures that the field is in, and beside them
    below,     // inside the structure that the field is in
    anywhere,  // in the file
  };
  TieId tie = 0;
  Place place = Place::anywhere;
};

struct Tie {
  TieId id = 0;
  TieKind kind = TieKind::equal;
  SiteId site = kNoSite;                  // of the node that it is about; assertion: none
  schema::TypeId type = schema::kNoType;  // presence, variant, assertion: of the structure to look at
  const Formula* formula = nullptr;       // null: contents, in_enum, any_of and checksum; presence without `if`
  // range: the upper bound; `formula` is the lower, and either may be null. presence: what is switched on, or null.
  const Formula* second = nullptr;
  // count, size, position: the field that is set so that it holds. kNoSite: none is free, and the structure is changed.
  SiteId target = kNoSite;
  std::uint16_t bit = 0;  // which of the ties of its site, or of its type; the last stands for all that follow
};

// Everything is derived once from the format, which is aliased.
class Ties {
 public:
  explicit Ties(const Format& format);
  Ties(const Ties&) = delete;
  Ties& operator=(const Ties&) = delete;

  [[nodiscard]] const SiteFormulas& formulas(SiteId site) const { return formulas_[site]; }
  [[nodiscard]] const std::vector<Formula>& asserts(schema::TypeId type) const { return asserts_[type]; }

  [[nodiscard]] const std::vector<Tie>& all() const { return ties_; }
  [[nodiscard]] const std::vector<TieId>& of_site(SiteId site) const { return of_site_[site]; }
  [[nodiscard]] const std::vector<TieId>& of_type(schema::TypeId type) const { return of_type_[type]; }
  // Whether a tie of the kind is kept by setting a field that is free: the member may be as it likes.
  [[nodiscard]] bool has_target(SiteId site, TieKind kind) const;
  // Ties that may cease to hold when a value at `site` changes, or its count or size where it has one.
  [[nodiscard]] const std::vector<Reader>& readers(SiteId site) const { return readers_[site]; }
  // Whether one of that kind goes by the value.
  [[nodiscard]] bool tells(SiteId site, TieKind kind) const;
  // Of them those that ask which element something is.
  [[nodiscard]] const std::vector<TieId>& index_readers(SiteId site) const { return index_readers_[site]; }
  // Ties that ask for the size of a stream.
  [[nodiscard]] const std::vector<TieId>& stream_readers() const { return stream_readers_; }

  // Whether the value is determined by something else: an equation, or what a count, size or position is of.
  [[nodiscard]] bool is_bound(SiteId site) const { return is_bound_[site]; }
  // Whether a count, size or position is written to it.
  [[nodiscard]] bool is_target(SiteId site) const { return is_target_[site]; }
  // Whether what is there, or which structure it is, depends on the value.
  [[nodiscard]] bool is_tag(SiteId site) const { return is_tag_[site]; }

  // The way from the root to the only node of a member; empty: there may be many.
  [[nodiscard]] const std::vector<SiteId>& way_to(SiteId site) const { return ways_[site]; }

  // Whether structures of the one type may be inside those of the other, or it is the same.
  [[nodiscard]] bool holds(schema::TypeId outer, schema::TypeId inner) const {
    return holds_[std::size_t{outer} * asserts_.size() + inner];
  }

  [[nodiscard]] const std::vector<SiteId>& sums() const { return sums_; }
  // Whether it is a checksum.
  [[nodiscard]] bool is_sum(SiteId site) const { return is_sum_[site]; }

  [[nodiscard]] bool has_imports() const { return has_imports_; }
  [[nodiscard]] bool is_own_root(schema::TypeId type) const { return is_own_root_[type]; }

 private:
  void compile(const Format& format);
  void compile_data(const Format& format, const schema::DataType& data, SiteFormulas& out);
  void collect(const Format& format);
  void find_targets(const Format& format);
  void find_readers(const Format& format);
  void find_ways(const Format& format);
  void find_holders(const std::vector<std::vector<SiteId>>& users, const Format& format);
  void add(Tie tie);

  std::vector<SiteFormulas> formulas_;         // by site
  std::vector<std::vector<Formula>> asserts_;  // by type
  std::vector<Tie> ties_;
  std::vector<std::vector<TieId>> of_site_, of_type_, index_readers_;
  std::vector<std::vector<Reader>> readers_;
  std::vector<std::vector<SiteId>> ways_;
  std::vector<SiteId> sums_;
  std::vector<TieId> stream_readers_;
  std::vector<bool> is_bound_, is_target_, is_tag_, is_sum_;
  std::vector<bool> is_own_root_;  // by type
  std::vector<bool> holds_;        // by two types
  bool has_imports_ = false;
};

}  // namespace sluice::mutate
