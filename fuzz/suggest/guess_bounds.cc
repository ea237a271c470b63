// Bounds: of the field, of what it is more than another, of a sum. `x <= 20`, `a < b`, `a + b <= c`.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "fuzz/mutate/bounds.h"
#include "fuzz/suggest/guess.h"
#include "fuzz/suggest/unit.h"

namespace sluice::suggest {

namespace {

constexpr std::size_t kMostBounds = 64;  // that are weighed
constexpr double kCostOfStrange = 1.5;   // of two that are about different things
constexpr double kCostOfRange = 1.3;
constexpr Integer kFar = Integer{1} << 100;  // beyond all that fields add up to
constexpr double kCostOfOdd = 1;             // of a bound that nobody would think of

// What is bounded from above: plus * field + added - subtracted.
struct Line {
  int sign = 1;
  std::optional<std::size_t> added = {};
  std::optional<std::size_t> subtracted = {};

  [[nodiscard]] std::optional<Integer> of(const Row& row) const {
    if (!row.values[0]) return std::nullopt;
    Integer sum = sign * *row.values[0];
    for (const auto& [term, factor] : {std::pair(added, 1), std::pair(subtracted, -1)}) {
      if (!term) continue;
      if (!row.values[*term]) return std::nullopt;
      sum += factor * *row.values[*term];
    }
    return sum;
  }
};

std::optional<Integer> highest(const Sheet& sheet, const Line& line, const Guard* guard) {
  std::optional<Integer> most;
  for (const Row& row : sheet.rows) {
    if (guard != nullptr && !guard->admits(row)) continue;
    const auto value = line.of(row);
    if (value && (!most || *value > *most)) most = value;
  }
  return most;
}

struct Found {
  Integer bound = 0;
  Weight weight;
};

// The best bound; of two that are equally good the weaker. `fixed`: these only. `least`: of what the line can be; a
// bound below that would forbid everything.
std::optional<Found> find_bound(const Table& table, const Line& line, const Guard* guard,
                                const std::vector<Integer>& fixed, Clean clean = Clean::counts, Integer least = -kFar) {
  std::vector<std::optional<Integer>> most;
  std::optional<Integer> low;
  std::optional<Integer> high;
  std::set<Integer> bounds;
  for (const Sheet& sheet : table.sheets()) {
    const auto value = highest(sheet, line, guard);
    most.push_back(value);
    if (sheet.example->kind == Example::Kind::crash) {
      if (!value) return std::nullopt;
      if (!high || *value - 1 < *high) high = *value - 1;
    }
    if (sheet.example->kind == Example::Kind::good && value && (!low || *value > *low)) low = value;
    if (sheet.example->kind == Example::Kind::faulty && value) bounds.insert(*value - 1);
  }
  if (!high || (low && *low > *high)) return std::nullopt;
  std::vector<Integer> tried;
  if (!fixed.empty()) {
    tried = fixed;
  } else {
    tried.push_back(*high);
    if (low) tried.push_back(*low);
    for (const Integer bound : bounds) {
      if (tried.size() < kMostBounds) tried.push_back(bound);
    }
  }
  std::optional<Found> best;
  for (const Integer bound : tried) {
    if (bound > *high || (low && bound < *low) || bound < least) continue;
    const auto weight = weigh(
        table,
        [&](const Sheet& sheet) {
          const auto& value = most[static_cast<std::size_t>(&sheet - table.sheets().data())];
          return value && *value > bound;
        },
        clean);
    if (!weight) continue;
    const bool is_better =
        !best || weight->cost < best->weight.cost || (weight->cost == best->weight.cost && bound > best->bound);
    if (is_better) best = Found{.bound = bound, .weight = *weight};
  }
  return best;
}

// Small, or near a power of two: otherwise it is what the examples happened to have.
double cost_of_bound(Integer bound) {
  constexpr Integer kSmall = 4096;
  if (bound < 0) bound = -bound;
  if (bound <= kSmall) return 0;
  Integer power = kSmall;
  while (power < bound - 1) power *= 2;
  return power - bound <= 1 ? 0 : kCostOfOdd;
}

// What the field can be.
mutate::Bounds limits_of(const schema::Member& member) {
  const bool is_number = member.data.kind == schema::DataKind::integer || member.data.kind == schema::DataKind::bits;
  const auto limits = is_number ? mutate::constant_bounds(member) : std::nullopt;
  return limits.value_or(mutate::Bounds{-kFar, kFar});
}

class Bounds {
 public:
  Bounds(const Table& table, std::vector<Guess>& out) : table_(table), out_(out) {}

  void one(const Guard* guard);
  void relation(std::size_t term, const Guard* guard);
  void sum(std::size_t added, std::size_t subtracted, const Guard* guard);
  void range(std::size_t added, std::size_t subtracted, const Guard* guard);

 private:
  void add(const Found& found, const std::string& rule, const std::string& schema, const std::string& valid,
           double cost, const Guard* guard, std::optional<Integer> bound = {});
  [[nodiscard]] const Term& term(std::size_t i) const { return table_.terms()[i]; }

  const Table& table_;
  std::vector<Guess>& out_;
};

void Bounds::add(const Found& found, const std::string& rule, const std::string& schema, const std::string& valid,
                 double cost, const Guard* guard, std::optional<Integer> bound) {
  Guess guess{.bound = bound, .weight = found.weight};
  guess.cost = cost + found.weight.cost + (guard != nullptr ? guard->cost : 0);
  // By contract no build reads more than it supplies, whether or not an event came so far: that a neighbour was clean
  // says little, and that one operator was seen says nothing of the others.
  const bool is_contract = rule.find("build.") != std::string::npos;
  if (is_contract) {
    guess.cost += found.weight.cost_of_accepted - found.weight.cost;
    if (guard != nullptr && guard->is_equal) guess.cost += 1;
  }
  guess.words = rule;
  if (!valid.empty() && guard == nullptr) {
    guess.kind = Suggestion::Kind::valid;
    guess.valid = valid;
    guess.site = table_.site();
    out_.push_back(guess);
    guess.valid.clear();
    guess.cost += 0.1;
  }
  if (table_.has_rule_path()) {
    guess.kind = is_contract ? Suggestion::Kind::contract : Suggestion::Kind::rule;
    require(table_, guard, rule, guess);
    out_.push_back(guess);
    return;
  }
  if (schema.empty()) return;
  const std::string unless = guard == nullptr ? "" : text_of(table_, *guard, false);
  if (guard != nullptr && unless.empty()) return;
  guess.kind = Suggestion::Kind::valid;
  guess.valid = guard == nullptr ? fmt::format("{{expr: {}}}", schema)
                                 : fmt::format("{{expr: 'not ({}) or {}'}}", unless, schema);
  guess.site = table_.site();
  out_.push_back(std::move(guess));
}

void Bounds::one(const Guard* guard) {
  if (guard != nullptr && guard->term == 0) return;
  const std::string& name = term(0).rule;
  // Names have no order, and where only some are bounded, others are meant.
  const double cost = 1.0 + (guard != nullptr && unit_of(term(0)) == Unit::name ? kCostOfStrange : 0);
  const auto [lowest, highest] = limits_of(table_.member());
  if (auto found = find_bound(table_, {.sign = 1}, guard, {}, Clean::counts, lowest)) {
    add(*found, fmt::format("{} <= {}", name, to_string(found->bound)), fmt::format("_ <= {}", to_string(found->bound)),
        fmt::format("{{max: {}}}", to_string(found->bound)), cost + cost_of_bound(found->bound), guard, found->bound);
  }
  if (auto found = find_bound(table_, {.sign = -1}, guard, {}, Clean::counts, -highest)) {
    const Integer least = -found->bound;
    add(*found, fmt::format("{} >= {}", name, to_string(least)), fmt::format("_ >= {}", to_string(least)),
        fmt::format("{{min: {}}}", to_string(least)), cost + cost_of_bound(least), guard, least);
  }
}

double cost_of(Term::Kind kind) {
  switch (kind) {
    case Term::Kind::supply: return -0.6;
    case Term::Kind::own: return 0;
    case Term::Kind::outer: return 0.2;
    case Term::Kind::root: return 0.3;
    case Term::Kind::count:
    case Term::Kind::size: return 0.4;
    case Term::Kind::row: return 0.8;
  }
  return 1;
}

void Bounds::relation(std::size_t other, const Guard* guard) {
  const Term& with = term(other);
  // In a header many numbers happen to be in order.
  const double strange = can_bound(unit_of(term(0)), unit_of(with)) ? 0 : kCostOfStrange;
  const double cost = 1.3 + cost_of(with.kind) + (table_.each().empty() ? 0.6 : 0) + strange;
  const std::string& name = term(0).rule;
  const auto say = [&](const std::string& left, const std::string& op, const std::string& right) {
    return left + " " + op + " " + right;
  };
  if (auto found = find_bound(table_, {.sign = 1, .subtracted = other}, guard, {0, -1})) {
    const std::string op = found->bound == 0 ? "<=" : "<";
    add(*found, say(name, op, with.rule), with.schema.empty() ? "" : say("_", op, with.schema), "", cost, guard);
  }
  if (with.kind == Term::Kind::supply) return;
  if (auto found = find_bound(table_, {.sign = -1, .added = other}, guard, {0, -1})) {
    const std::string op = found->bound == 0 ? ">=" : ">";
    add(*found, say(name, op, with.rule), with.schema.empty() ? "" : say("_", op, with.schema), "", cost, guard);
  }
}

// Where one begins and how far it goes lie in what there is. A neighbour outside is clean where other memory follows.
void Bounds::range(std::size_t added, std::size_t subtracted, const Guard* guard) {
  if (!table_.has_rule_path() || (guard != nullptr && guard->term == added)) return;
  const Line line{.sign = 1, .added = added, .subtracted = subtracted};
  const auto found = find_bound(table_, line, guard, {0}, Clean::hardly_counts);
  if (!found) return;
  const Unit unit = unit_of(term(0));
  const bool is_extent = unit == Unit::length || unit == Unit::count;
  Guess guess{.cost = kCostOfRange + cost_of(term(subtracted).kind) + found->weight.cost, .weight = found->weight};
  guess.each = table_.each();
  if (guard != nullptr) {
    guess.cost += guard->cost;
    guess.where = text_of(table_, *guard, true);
  }
  guess.body = fmt::format("inside: {{from: {}, size: {}, region: {{from: 0, size: {}}}}}",
                           term(is_extent ? added : 0).rule, term(is_extent ? 0 : added).rule, term(subtracted).rule);
  guess.words = fmt::format("{} inside {}", term(0).rule, term(subtracted).rule);
  out_.push_back(std::move(guess));
}

// By subtraction, so that nothing wraps.
void Bounds::sum(std::size_t added, std::size_t subtracted, const Guard* guard) {
  const Term& with = term(added);
  const Term& most = term(subtracted);
  if (is_range_in(unit_of(term(0)), unit_of(with), unit_of(most))) {
    range(added, subtracted, guard);
    return;
  }
  const auto found = find_bound(table_, {.sign = 1, .added = added, .subtracted = subtracted}, guard, {0});
  if (!found) return;
  const Unit unit = unit_of(most);
  const bool is_strange = !can_bound(unit_of(term(0)), unit) || !can_bound(unit_of(with), unit);
  const std::string& name = term(0).rule;
  add(*found, fmt::format("{0} <= {1} and {2} <= {1} - {0}", name, most.rule, with.rule),
      with.schema.empty() || most.schema.empty() ? ""
                                                 : fmt::format("_ <= {0} and {1} <= {0} - _", most.schema, with.schema),
      "", 1.7 + cost_of(with.kind) + cost_of(most.kind) + (is_strange ? kCostOfStrange : 0), guard);
}

bool is_plain(const Table& table, std::size_t i) {
  const Term& term = table.terms()[i];
  return term.enum_id == schema::kNoEnum;
}

}  // namespace

void guess_bounds(const Table& table, bool relations, std::vector<Guess>& out) {
  if (table.is_text() || table.terms()[0].enum_id != schema::kNoEnum) return;
  Bounds bounds(table, out);
  std::vector<Guard> guards = guards_of(table);
  std::vector<const Guard*> all = {nullptr};
  for (const Guard& guard : guards) all.push_back(&guard);
  const std::size_t count = table.terms().size();
  for (const Guard* guard : all) {
    bounds.one(guard);
    if (!relations) continue;
    for (std::size_t i = 1; i < count; ++i) {
      if (is_plain(table, i) && (guard == nullptr || guard->term != i)) bounds.relation(i, guard);
    }
  }
  if (!relations || table.each().empty()) return;
  for (const Guard* guard : all) {
    if (guard != nullptr && guard->term == 0) continue;
    for (std::size_t a = 1; a < count; ++a) {
      if (table.terms()[a].kind != Term::Kind::own || !is_plain(table, a)) continue;
      for (std::size_t s = 1; s < count; ++s) {
        const Term::Kind kind = table.terms()[s].kind;
        if (s != a && is_plain(table, s) && kind != Term::Kind::row && kind != Term::Kind::supply) {
          bounds.sum(a, s, guard);
        }
      }
    }
  }
}

}  // namespace sluice::suggest
