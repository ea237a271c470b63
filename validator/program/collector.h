// What a rule over many elements must remember: keys, ranges, references, sums. Not more.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "validator/program/key.h"
#include "validator/program/rule.h"
#include "validator/program/value.h"

namespace sluice::program {

// Where an element lies, for findings about two.
struct Where {
  std::optional<std::uint64_t> offset;  // in the file
  [[nodiscard]] std::string text() const;
};

// The rows of a join, by key. Objects are aliased.
class JoinTable {
 public:
  struct Row {
    Object* object = nullptr;
    std::uint64_t count = 0;  // rows with this key; `object` is the first
  };
  void add(Key key, Object* object);
  [[nodiscard]] const Row* find(const Key& key) const;
  // Whether it is news to `reader` (a rule, for a build) that `key` has not exactly one row. Both are remembered.
  [[nodiscard]] bool tell(Key key, std::uint64_t reader);
  [[nodiscard]] std::uint64_t memory() const { return memory_; }

 private:
  std::unordered_map<Key, Row, Key::Hash> rows_;
  std::unordered_map<Key, std::set<std::uint64_t>, Key::Hash> told_;
  std::uint64_t memory_ = 0;
};

// One rule's memory. `add` returns empty if the rule holds, otherwise what is wrong, in words.
class Collector {
 public:
  explicit Collector(RuleKind kind, SortOrder order) : kind_(kind), order_(order) {}

  // unique, sorted: 1 value; disjoint: from, size; acyclic, limit_depth: node, to; closed, nested: whether it opens,
  // whether it closes; limit_sum: 1; limit_count: none. `sequence` tells the sequences apart that elements come from:
  // `sorted`, `closed` and `nested` begin anew in each. 0: in none.
  [[nodiscard]] std::optional<std::string> add(std::span<const Value> values, Where where, std::uint64_t sequence);
  // closed, nested: of the sequence an element is not known, and nothing is said of it; or it was cut short, and no
  // element of it follows.
  void leave_undecided(std::uint64_t sequence);
  void give_up(std::uint64_t sequence);
  // When all elements have been added. `bound`: limits only. `wrong` as what `add` returns. False: to follow the
  // references takes more than `room` bytes, and nothing is known.
  [[nodiscard]] bool judge(std::optional<Integer> bound, std::uint64_t room, std::optional<std::string>& wrong) const;

  [[nodiscard]] std::uint64_t memory() const { return memory_; }

 private:
  struct Range {
    Integer end;
    Where where;
  };
  std::optional<std::string> add_unique(const Value& value, Where where);
  std::optional<std::string> add_sorted(const Value& value, std::uint64_t sequence);
  std::optional<std::string> add_range(const Value& from, const Value& size, Where where);
  std::optional<std::string> add_edge(const Value& node, const Value& to);
  void add_pair(const Value& opens, const Value& closes, Where where, std::uint64_t sequence);
  std::optional<std::string> add_to_sum(const Value& value);

  RuleKind kind_;
  SortOrder order_;
  std::uint64_t memory_ = 0;
  std::unordered_map<Key, Where, Key::Hash> seen_;  // unique
  std::optional<Value> last_;                       // sorted; text in `last_text_`
  std::string last_text_;
  std::uint64_t sequence_ = 0;
  std::map<Integer, Range> ranges_;                // disjoint, by their begin
  std::map<Integer, std::vector<Integer>> edges_;  // acyclic, limit_depth
  struct Open {
    std::uint64_t depth = 0;
    Where first;  // of what opened
    bool is_undecided = false;
  };
  std::map<std::uint64_t, Open> open_;  // closed, nested: of each sequence where something is
  std::optional<Where> stray_;          // nested: the first that closes what is not open
  Integer total_ = 0;                   // limit_count, limit_sum
};

}  // namespace sluice::program
