// Texts and bytes: how long they are, and what they end with.
#include <fmt/format.h>

#include <algorithm>

#include "fuzz/suggest/guess.h"

namespace sluice::suggest {

namespace {

void add(const Table& table, const Weight& weight, const std::string& condition, const std::string& words, double cost,
         std::optional<Integer> bound, std::vector<Guess>& out) {
  Guess guess{.weight = weight};
  guess.kind = Suggestion::Kind::valid;
  guess.cost = cost + weight.cost;
  guess.valid = fmt::format("{{expr: {}}}", condition);
  guess.site = table.site();
  guess.words = words;
  guess.bound = bound;
  out.push_back(std::move(guess));
}

}  // namespace

void guess_texts(const Table& table, std::vector<Guess>& out) {
  if (!table.is_text()) return;
  const std::string& name = table.terms()[0].rule;
  std::optional<Integer> shortest_bad;
  std::optional<Integer> longest_bad;
  for (const Sheet& sheet : table.sheets()) {
    if (!sheet.example->is_bad()) continue;
    Integer most = 0;
    Integer least = kIntegerMax;
    for (const Row& row : sheet.rows) {
      most = std::max(most, *row.values[0]);
      least = std::min(least, *row.values[0]);
    }
    shortest_bad = std::min(shortest_bad.value_or(most), most);
    longest_bad = std::max(longest_bad.value_or(least), least);
  }
  if (!shortest_bad) return;
  const auto refuses = [](const auto& wrong) {
    return [wrong](const Sheet& sheet) {
      return std::ranges::any_of(sheet.rows, [&](const Row& row) { return row.values[0] && wrong(row); });
    };
  };
  const Integer most = *shortest_bad - 1;
  if (const auto weight = weigh(table, refuses([most](const Row& row) { return *row.values[0] > most; }))) {
    add(table, *weight, "_.length <= " + to_string(most), name + " has at most " + to_string(most) + " characters", 1.0,
        most, out);
  }
  const Integer least = *longest_bad + 1;
  if (const auto weight = weigh(table, refuses([least](const Row& row) { return *row.values[0] < least; }))) {
    add(table, *weight, "_.length >= " + to_string(least), name + " has at least " + to_string(least) + " characters",
        1.0, least, out);
  }
}

}  // namespace sluice::suggest
