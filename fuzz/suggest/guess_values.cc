// Values: multiples, equality with another field, one of few, not this one.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "fuzz/mutate/tie.h"
#include "fuzz/suggest/guess.h"
#include "fuzz/suggest/unit.h"

namespace sluice::suggest {

namespace {

constexpr std::size_t kMostValues = 8;  // of an any-of
constexpr std::size_t kManyValues = 3;

using Holds = std::function<bool(const Row& row)>;

std::optional<Weight> weigh_rows(const Table& table, const Guard* guard, const Holds& holds,
                                 Clean clean = Clean::counts) {
  return weigh(
      table,
      [&](const Sheet& sheet) {
        return std::ranges::any_of(sheet.rows, [&](const Row& row) {
          if (guard != nullptr && !guard->admits(row)) return false;
          return row.values[0].has_value() && !holds(row);
        });
      },
      clean);
}

class Values {
 public:
  Values(const Table& table, std::vector<Guess>& out) : table_(table), out_(out) {}

  void multiples(const Guard* guard);
  [[nodiscard]] bool has_many_values(const Guard* guard) const;
  void equal(std::size_t term, const Guard* guard);
  void not_this(const Guard* guard);
  void only_this(const Guard& guard);
  void rows(std::size_t row, std::size_t own);
  void of_enum();
  void any_of();

 private:
  void add(const Weight& weight, const std::string& rule, const std::string& schema, const std::string& valid,
           double cost, const Guard* guard);

  const Table& table_;
  std::vector<Guess>& out_;
};

void Values::add(const Weight& weight, const std::string& rule, const std::string& schema, const std::string& valid,
                 double cost, const Guard* guard) {
  Guess guess{.weight = weight};
  guess.cost = cost + weight.cost + (guard != nullptr ? guard->cost : 0);
  guess.words = rule;
  const std::string unless = guard == nullptr ? "" : text_of(table_, *guard, false);
  if (guard == nullptr || !unless.empty()) {
    guess.kind = Suggestion::Kind::valid;
    guess.site = table_.site();
    guess.valid = guard != nullptr ? fmt::format("{{expr: 'not ({}) or {}'}}", unless, schema)
                  : valid.empty()  ? fmt::format("{{expr: '{}'}}", schema)
                                   : valid;
    // A relation between fields reads better as a rule.
    const double more = guard == nullptr ? 0 : 0.2;
    guess.cost += more;
    if (!schema.empty() || (guard == nullptr && !valid.empty())) out_.push_back(guess);
    guess.cost -= more;
    guess.valid.clear();
    guess.cost += guard == nullptr ? 0.1 : 0;
  }
  if (!table_.has_rule_path() || rule.empty()) return;
  guess.kind = Suggestion::Kind::rule;
  require(table_, guard, rule, guess);
  out_.push_back(std::move(guess));
}

// Of one or two values that are good nothing is to be learned about what they divide by.
bool Values::has_many_values(const Guard* guard) const {
  std::set<Integer> values;
  for (const Sheet& sheet : table_.sheets()) {
    if (sheet.example->is_bad()) continue;
    for (const Row& row : sheet.rows) {
      if (guard != nullptr && !guard->admits(row)) continue;
      if (row.values[0].value_or(0) != 0) values.insert(*row.values[0]);
    }
    if (values.size() >= kManyValues) return true;
  }
  return false;
}

void Values::multiples(const Guard* guard) {
  if (table_.terms()[0].enum_id != schema::kNoEnum || !has_many_values(guard)) return;
  for (const int of : {16, 8, 4, 2}) {
    const auto weight = weigh_rows(table_, guard, [&](const Row& row) { return *row.values[0] % of == 0; });
    if (!weight) continue;
    add(*weight, fmt::format("{} % {} == 0", table_.terms()[0].rule, of), fmt::format("_ % {} == 0", of), "",
        1.25 + (of == 16 || of == 8 ? 0.1 : 0), guard);
  }
}

void Values::equal(std::size_t i, const Guard* guard) {
  const Term& with = table_.terms()[i];
  if (with.kind == Term::Kind::supply || with.enum_id != table_.terms()[0].enum_id) return;
  if (guard != nullptr && guard->term == i) return;
  const auto weight =
      weigh_rows(table_, guard, [&](const Row& row) { return !row.values[i] || *row.values[0] == *row.values[i]; });
  if (!weight) return;
  constexpr double kCostOfStrange = 1.5;
  const double strange = can_equal(unit_of(table_.terms()[0]), unit_of(with)) ? 0 : kCostOfStrange;
  add(*weight, fmt::format("{} == {}", table_.terms()[0].rule, with.rule),
      with.schema.empty() ? "" : fmt::format("_ == {}", with.schema), "", 2.2 + strange, guard);
}

// The row that the field counts to is of the kind that this one is: `instances[_.next - 1].type_id == _.type_id`. That
// a neighbour is clean may be because nothing went there.
void Values::rows(std::size_t row, std::size_t own) {
  const Term& there = table_.terms()[row];
  const Term& here = table_.terms()[own];
  const Guard not_zero{.term = 0, .is_equal = false, .value = 0, .cost = 0.2};
  const Guard* guard = there.first == 0 ? nullptr : &not_zero;
  const auto weight = weigh_rows(
      table_, guard,
      [&](const Row& r) {
        return r.values[row].has_value() && r.values[own].has_value() && *r.values[row] == *r.values[own];
      },
      Clean::hardly_counts);
  if (weight) add(*weight, fmt::format("{} == {}", there.rule, here.rule), "", "", 1.4, guard);
}

void Values::not_this(const Guard* guard) {
  const mutate::Ties& ties = table_.format().ties();
  if (ties.is_target(table_.site()) || ties.is_bound(table_.site())) return;
  const Integer bad = *table_.culprit().values[0];
  const auto weight = weigh_rows(table_, guard, [&](const Row& row) { return *row.values[0] != bad; });
  if (!weight) return;
  const std::string value = value_text(table_, table_.terms()[0], bad);
  add(*weight, fmt::format("{} != {}", table_.terms()[0].rule, value), fmt::format("_ != {}", value), "", 2.6, guard);
}

// What one tag asks of another: `where op == op::in_set`, `kind == kind::number`.
void Values::only_this(const Guard& guard) {
  if (!guard.is_equal || guard.term == 0 || table_.terms()[0].enum_id == schema::kNoEnum) return;
  std::set<Integer> good;
  for (const Sheet& sheet : table_.sheets()) {
    if (sheet.example->kind != Example::Kind::good) continue;
    for (const Row& row : sheet.rows) {
      if (guard.admits(row) && row.values[0]) good.insert(*row.values[0]);
    }
    if (good.size() > 1) return;
  }
  if (good.empty()) return;
  const auto weight = weigh_rows(table_, &guard, [&](const Row& row) { return *row.values[0] == *good.begin(); });
  if (!weight) return;
  const std::string value = value_text(table_, table_.terms()[0], *good.begin());
  add(*weight, fmt::format("{} == {}", table_.terms()[0].rule, value), fmt::format("_ == {}", value), "", 0.6, &guard);
}

void Values::of_enum() {
  const schema::EnumId id = table_.terms()[0].enum_id;
  if (id == schema::kNoEnum) return;
  const schema::Enum& members = table_.format().schema().enumeration(id);
  const auto weight =
      weigh_rows(table_, nullptr, [&](const Row& row) { return members.find(*row.values[0]) != nullptr; });
  if (weight) add(*weight, "", "", "{in-enum: true}", 0.8, nullptr);
}

void Values::any_of() {
  std::set<Integer> values;
  for (const Sheet& sheet : table_.sheets()) {
    if (sheet.example->kind != Example::Kind::good) continue;
    for (const Row& row : sheet.rows) {
      if (row.values[0]) values.insert(*row.values[0]);
    }
    if (values.size() > kMostValues) return;
  }
  if (values.empty()) return;
  const auto weight = weigh_rows(table_, nullptr, [&](const Row& row) { return values.contains(*row.values[0]); });
  if (!weight) return;
  std::string list;
  for (const Integer value : values) {
    const std::string text = value_text(table_, table_.terms()[0], value);
    list += (list.empty() ? "" : ", ") + (text.find(':') == std::string::npos ? text : "'" + text + "'");
  }
  add(*weight, "", "", fmt::format("{{any-of: [{}]}}", list), 2.4, nullptr);
}

}  // namespace

void guess_values(const Table& table, std::vector<Guess>& out) {
  if (table.is_text()) return;
  Values values(table, out);
  values.of_enum();
  values.any_of();
  std::vector<Guard> guards = guards_of(table);
  std::vector<const Guard*> all = {nullptr};
  for (const Guard& guard : guards) all.push_back(&guard);
  for (const Guard* guard : all) {
    values.multiples(guard);
    if (guard == nullptr || guard->term != 0) values.not_this(guard);
    if (guard != nullptr) values.only_this(*guard);
    for (std::size_t i = 1; i < table.terms().size(); ++i) values.equal(i, guard);
  }
  for (std::size_t row = 1; row < table.terms().size(); ++row) {
    if (table.terms()[row].kind != Term::Kind::row) continue;
    for (std::size_t own = 1; own < table.terms().size(); ++own) {
      const Term& term = table.terms()[own];
      if (term.kind == Term::Kind::own && term.site == table.terms()[row].site) values.rows(row, own);
    }
  }
}

}  // namespace sluice::suggest
