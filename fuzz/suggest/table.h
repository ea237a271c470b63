// The numbers around one field, in all elements of all examples: what rules are guessed from without asking anybody.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutate/tree.h"
#include "fuzz/suggest/examples.h"

namespace sluice::suggest {

// Something that an expression can name beside the field.
struct Term {
  enum class Kind : std::uint8_t {
    own,     // a member of the element
    outer,   // of a structure that the element is in
    root,    // of the root, or of a structure in it
    count,   // of elements of an array of the root
    size,    // of the file
    row,     // a member of the element of an array that the field counts to
    supply,  // of the build, for the template type that another term is
  };
  Kind kind = Kind::own;
  std::string rule;    // in a rule: `_.op`
  std::string schema;  // in the type of the field: `op`; empty: cannot be named there
  schema::EnumId enum_id = schema::kNoEnum;
  mutate::SiteId site = mutate::kNoSite;  // own: which; row: the member
  std::uint32_t up = 0;                   // outer: structures to climb
  std::vector<mutate::SiteId> way;        // to the value, from the element, the outer structure or the root
  mutate::SiteId rows = mutate::kNoSite;  // row: the array; counts from `first`
  Integer first = 0;
  std::size_t of = 0;  // supply: the term that is the type
};

// One element. `values` by the term; the field itself is term 0.
struct Row {
  std::vector<std::optional<Integer>> values;
  std::uint32_t index = 0;     // of the element
  std::uint32_t sequence = 0;  // that the element is in, a number of its own in the content
  std::string_view text;       // of a field that is one; aliases the example
};

struct Sheet {
  const Example* example = nullptr;
  std::vector<Row> rows;
};

class Table {
 public:
  // Of the field at `path` of the first example, which says what it is. All are aliased. `build`: null, or whose
  // supplies can be named, where what the fault left has as many `elements`.
  Table(const mutate::Format& format, const std::vector<Example>& examples, const std::string& path,
        const program::BuildFacts* build, std::uint64_t elements);

  [[nodiscard]] bool is_empty() const { return sheets_.empty(); }
  [[nodiscard]] const mutate::Format& format() const { return format_; }
  [[nodiscard]] const std::vector<Term>& terms() const { return terms_; }
  [[nodiscard]] const std::vector<Sheet>& sheets() const { return sheets_; }
  [[nodiscard]] const Row& culprit() const { return culprit_; }  // the element of the first example
  [[nodiscard]] mutate::SiteId site() const { return site_; }
  [[nodiscard]] const schema::Member& member() const { return *format_.site(site_).member; }
  [[nodiscard]] bool is_text() const { return is_text_; }
  // Of the elements, in a rule; empty: there is one, and its fields are named from the root.
  [[nodiscard]] const std::string& each() const { return each_; }
  [[nodiscard]] bool has_rule_path() const { return has_rule_path_; }
  // Whether the field's elements stand in one array of the root.
  [[nodiscard]] bool is_of_one_array() const { return is_of_one_array_; }

 private:
  void find_path(const mutate::Tree& tree, mutate::NodeId element);
  void find_terms(const mutate::Tree& tree, mutate::NodeId element);
  void add_supplies(const mutate::Tree& tree, mutate::NodeId element);
  void add_members(schema::TypeId type, Term base, const std::string& rule, const std::string& schema, bool deep);
  void add_rows();
  [[nodiscard]] std::optional<Integer> value_of(const mutate::Tree& tree, mutate::NodeId element,
                                                const Term& term) const;
  [[nodiscard]] Row row_of(const mutate::Tree& tree, mutate::NodeId field, const Example& example) const;

  const mutate::Format& format_;
  const program::BuildFacts* build_;
  std::uint64_t elements_;
  mutate::SiteId site_ = mutate::kNoSite;
  bool is_text_ = false;
  bool is_value_ = false;  // the elements are the field itself, and no structures
  std::string each_;
  bool has_rule_path_ = false;
  bool is_of_one_array_ = false;
  std::vector<Term> terms_;
  std::vector<Sheet> sheets_;
  Row culprit_;
};

}  // namespace sluice::suggest
