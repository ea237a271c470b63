// Rules that the table of a field bears out: each refuses all crash files and no good one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/suggest/suggest.h"
#include "fuzz/suggest/table.h"

namespace sluice::suggest {

// What a rule says of the examples.
struct Weight {
  std::uint32_t accepted_faulty = 0;  // neighbours that it should refuse
  std::uint32_t refused_clean = 0;    // neighbours that it need not
  double cost = 0;                    // the worse, the more
  double cost_of_accepted = 0;        // of this, what is owed to neighbours that it should refuse
};

struct Guess {
  Suggestion::Kind kind = Suggestion::Kind::rule;
  double cost = 0;                        // by what it says and how well; the least is suggested
  std::string each = {};                  // of a rule
  std::string where = {};                 // of a rule; may be empty
  std::string body = {};                  // of a rule: `require: ..`
  std::string valid = {};                 // of a field: what stands behind `valid:`. Empty: it is a rule
  mutate::SiteId site = mutate::kNoSite;  // valid: of which field
  std::string words = {};                 // what it says, for its id and for people: `channel_id is at most 511`
  std::optional<Integer> bound = {};      // that was found by trying
  Weight weight = {};
};

// Whether the rule refuses a content, by its sheet.
using Refuses = std::function<bool(const Sheet& sheet)>;

// What a neighbour that is clean says of a rule.
enum class Clean : std::uint8_t {
  counts,
  hardly_counts,  // what it must not reach for is there by luck, or it did not come to that
};

// Nothing: it accepts a crash file or refuses a good one, or it gets too many of their neighbours wrong.
[[nodiscard]] std::optional<Weight> weigh(const Table& table, const Refuses& refuses, Clean clean = Clean::counts);

// A condition under which a rule is judged: `op == op::in_set`, `next != 0`.
struct Guard {
  std::size_t term = 0;
  bool is_equal = false;  // or: is not
  Integer value = 0;
  double cost = 0;
  [[nodiscard]] bool admits(const Row& row) const {
    return !row.values[term] || (*row.values[term] == value) == is_equal;
  }
};
[[nodiscard]] std::vector<Guard> guards_of(const Table& table);
// `rule`: as a rule names things, else as the schema does. Empty: it cannot be said there.
[[nodiscard]] std::string text_of(const Table& table, const Guard& guard, bool rule);
[[nodiscard]] std::string value_text(const Table& table, const Term& term, Integer value);

// Has `guess` ask for `rule` of each element, or of each that the guard (null: there is none) is for.
void require(const Table& table, const Guard* guard, const std::string& rule, Guess& guess);

// Bounds of a value and, with `relations`, of a difference or sum of values. By the table alone; the compiled rule has
// the last word.
void guess_bounds(const Table& table, bool relations, std::vector<Guess>& out);
// Multiples, and values that are allowed or not.
void guess_values(const Table& table, std::vector<Guess>& out);
// What holds of all elements together: unique, sorted, acyclic, how many, how deep.
void guess_sets(const Table& table, const program::BuildFacts* build, std::vector<Guess>& out);
// What opens and is not closed.
void guess_pairs(const Table& table, std::vector<Guess>& out);
// Lengths and characters.
void guess_texts(const Table& table, std::vector<Guess>& out);

}  // namespace sluice::suggest
