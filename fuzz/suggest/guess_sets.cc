// What holds of all elements together.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "fuzz/suggest/guess.h"

namespace sluice::suggest {

namespace {

// References in the longest chain; nothing: there is a cycle.
std::optional<std::uint64_t> depth_of(const Sheet& sheet, Integer first) {
  std::map<Integer, Integer> to;
  for (const Row& row : sheet.rows) {
    if (row.values[0] && *row.values[0] != 0) to[row.index + first] = *row.values[0];
  }
  std::map<Integer, std::uint64_t> depth;  // of what is done
  for (const auto& [start, unused] : to) {
    std::vector<Integer> way;
    std::set<Integer> on_way;
    Integer at = start;
    while (to.contains(at) && !depth.contains(at)) {
      if (!on_way.insert(at).second) return std::nullopt;
      way.push_back(at);
      at = to.at(at);
    }
    std::uint64_t below = depth.contains(at) ? depth.at(at) : 0;
    for (auto step = way.rbegin(); step != way.rend(); ++step) depth[*step] = ++below;
  }
  std::uint64_t most = 0;
  for (const auto& [node, length] : depth) most = std::max(most, length);
  return most;
}

bool is_unique(const Sheet& sheet, const Guard* guard) {
  std::set<Integer> seen;
  return std::ranges::all_of(sheet.rows, [&](const Row& row) {
    if (guard != nullptr && !guard->admits(row)) return true;
    return !row.values[0] || seen.insert(*row.values[0]).second;
  });
}

bool is_sorted(const Sheet& sheet, bool is_strict) {
  const Row* before = nullptr;
  for (const Row& row : sheet.rows) {
    if (before != nullptr && row.values[0] && before->values[0]) {
      const Integer change = *row.values[0] - *before->values[0];
      if (change < 0 || (is_strict && change == 0)) return false;
    }
    before = &row;
  }
  return true;
}

bool is_apart(const Sheet& sheet, std::size_t size) {
  std::vector<std::pair<Integer, Integer>> ranges;
  for (const Row& row : sheet.rows) {
    if (row.values[0] && row.values[size] && *row.values[size] > 0) {
      ranges.emplace_back(*row.values[0], *row.values[0] + *row.values[size]);
    }
  }
  std::ranges::sort(ranges);
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].first < ranges[i - 1].second) return false;
  }
  return true;
}

using Measure = std::function<std::optional<Integer>(const Sheet& sheet)>;  // nothing: beyond any bound

class Sets {
 public:
  Sets(const Table& table, const program::BuildFacts* build, std::vector<Guess>& out)
      : table_(table), build_(build), out_(out) {}

  void numbers();
  void chains(Integer first);
  void apart();
  void counts();

 private:
  void add(const Refuses& refuses, const std::string& body, const std::string& where, const std::string& words,
           double cost);
  void limit(const Measure& measure, const std::string& shape, const std::string& where, const std::string& words,
             double cost);

  const Table& table_;
  const program::BuildFacts* build_;
  std::vector<Guess>& out_;
};

void Sets::add(const Refuses& refuses, const std::string& body, const std::string& where, const std::string& words,
               double cost) {
  const auto weight = weigh(table_, refuses);
  if (!weight) return;
  Guess guess{.weight = *weight};
  guess.cost = cost + weight->cost;
  guess.each = table_.each();
  guess.where = where;
  guess.body = body;
  guess.words = words;
  out_.push_back(std::move(guess));
}

// The weakest bound that refuses all that is known to fault. `shape` has {} for it.
void Sets::limit(const Measure& measure, const std::string& shape, const std::string& where, const std::string& words,
                 double cost) {
  std::optional<Integer> high;
  std::optional<Integer> most_good;
  std::set<Integer> bounds;
  for (const Sheet& sheet : table_.sheets()) {
    const auto value = measure(sheet);
    const Example::Kind kind = sheet.example->kind;
    if (kind == Example::Kind::good) {
      if (!value) return;
      most_good = std::max(most_good.value_or(*value), *value);
    }
    if (!value) continue;
    if (kind == Example::Kind::crash) high = std::min(high.value_or(*value - 1), *value - 1);
    if (kind == Example::Kind::faulty) bounds.insert(*value - 1);
  }
  if (!high) return;
  bounds.insert(*high);
  if (most_good) bounds.insert(*most_good);
  const Guess* best = nullptr;
  std::vector<Guess> found;
  for (const Integer bound : bounds) {
    if (bound < 0) continue;
    const auto weight = weigh(table_, [&](const Sheet& sheet) {
      const auto value = measure(sheet);
      return !value || *value > bound;
    });
    if (!weight) continue;
    Guess guess{.weight = *weight};
    guess.cost = cost + weight->cost;
    guess.each = table_.each();
    guess.where = where;
    guess.bound = bound;
    guess.body = fmt::format(fmt::runtime(shape), to_string(bound));
    guess.words = fmt::format("{} is at most {}", words, to_string(bound));
    found.push_back(std::move(guess));
  }
  for (const Guess& guess : found) {
    if (best == nullptr || guess.cost <= best->cost) best = &guess;  // of equals the weakest
  }
  if (best == nullptr) return;
  out_.push_back(*best);
  if (build_ == nullptr) return;
  for (const auto& [name, cap] : build_->caps) {
    if (cap != *best->bound) continue;
    Guess guess = *best;
    guess.kind = Suggestion::Kind::contract;
    guess.cost -= 0.3;
    guess.body = fmt::format(fmt::runtime(shape), "build.caps." + name);
    out_.push_back(std::move(guess));
  }
}

void Sets::numbers() {
  const std::string& name = table_.terms()[0].rule;
  add([](const Sheet& sheet) { return !is_unique(sheet, nullptr); }, "unique: " + name, "", name + " is there once",
      1.2);
  const Guard not_zero{.term = 0, .is_equal = false, .value = 0};
  add([&](const Sheet& sheet) { return !is_unique(sheet, &not_zero); }, "unique: " + name, name + " != 0",
      name + " is there once", 1.5);
  if (!table_.is_of_one_array()) return;
  add([](const Sheet& sheet) { return !is_sorted(sheet, false); }, "sorted: " + name, "", name + " rises", 1.6);
  add([](const Sheet& sheet) { return !is_sorted(sheet, true); }, fmt::format("sorted: {{by: {}, strict: true}}", name),
      "", name + " rises with each", 1.7);
  limit(
      [](const Sheet& sheet) {
        Integer sum = 0;
        for (const Row& row : sheet.rows) sum += row.values[0].value_or(0);
        return std::optional(sum);
      },
      "limit: {{sum: " + name + ", at_most: {}}}", "", "the sum of " + name, 2.0);
}

void Sets::chains(Integer first) {
  const std::string& name = table_.terms()[0].rule;
  const std::string node = first == 0 ? "_index" : "_index + " + to_string(first);
  const std::string where = first == 0 ? "" : name + " != 0";
  add([&](const Sheet& sheet) { return !depth_of(sheet, first); },
      fmt::format("acyclic: {{node: {}, to: {}}}", node, name), where, "no circle of " + name, 1.2);
  limit(
      [&](const Sheet& sheet) -> std::optional<Integer> {
        const auto depth = depth_of(sheet, first);
        if (!depth) return std::nullopt;
        return Integer{*depth};
      },
      fmt::format("limit: {{{{depth: {{{{node: {}, to: {}}}}}, at_most: {{}}}}}}", node, name), where,
      "the longest chain of " + name, 1.5);
}

void Sets::apart() {
  const std::string& name = table_.terms()[0].rule;
  for (std::size_t i = 1; i < table_.terms().size(); ++i) {
    const Term& term = table_.terms()[i];
    if (term.kind != Term::Kind::own || term.enum_id != schema::kNoEnum) continue;
    add([&](const Sheet& sheet) { return !is_apart(sheet, i); },
        fmt::format("disjoint: {{from: {}, size: {}}}", name, term.rule), "", "ranges are apart", 2.0);
  }
}

void Sets::counts() {
  limit([](const Sheet& sheet) { return std::optional(Integer{sheet.rows.size()}); }, "limit: {{count: {}}}", "",
        "the number of " + table_.each(), 1.6);
  for (const Guard& guard : guards_of(table_)) {
    limit(
        [&](const Sheet& sheet) {
          return std::optional(
              Integer{std::ranges::count_if(sheet.rows, [&](const Row& row) { return guard.admits(row); })});
        },
        "limit: {{count: {}}}", text_of(table_, guard, true), "the number of such " + table_.each(), 1.8 + guard.cost);
  }
}

}  // namespace

void guess_sets(const Table& table, const program::BuildFacts* build, std::vector<Guess>& out) {
  if (table.each().empty() || !table.has_rule_path()) return;
  Sets sets(table, build, out);
  sets.counts();
  if (table.is_text() || table.terms()[0].enum_id != schema::kNoEnum) return;
  sets.numbers();
  if (!table.is_of_one_array()) return;
  sets.chains(1);
  sets.chains(0);
  sets.apart();
}

}  // namespace sluice::suggest
