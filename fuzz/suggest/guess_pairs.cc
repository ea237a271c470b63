// What opens is closed: brackets and quotation marks among characters, and tags whose names say so.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "fuzz/suggest/guess.h"
#include "validator/program/collector.h"
#include "validator/schema/schema.h"

namespace sluice::suggest {

namespace {

using namespace std::string_view_literals;

constexpr double kCost = 1.1;
constexpr double kCostOfNested = 0.1;

constexpr std::array<std::pair<char, char>, 6> kMarks = {
    {{'(', ')'}, {'[', ']'}, {'{', '}'}, {'<', '>'}, {'"', '"'}, {'\'', '\''}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWords = {{{"begin"sv, "end"sv},
                                                                                  {"start"sv, "end"sv},
                                                                                  {"start"sv, "stop"sv},
                                                                                  {"open"sv, "close"sv},
                                                                                  {"push"sv, "pop"sv},
                                                                                  {"enter"sv, "leave"sv}}};

struct Pair {
  Integer open = 0;
  Integer close = 0;
};

// `begin_list` and `end_list`, `push` and `pop`.
std::optional<std::string> counterpart(const std::string& label, std::string_view open, std::string_view close) {
  const std::size_t at = label.find(open);
  if (at == std::string::npos) return std::nullopt;
  return label.substr(0, at) + std::string(close) + label.substr(at + open.size());
}

std::vector<Pair> pairs_of(const Table& table) {
  std::vector<Pair> pairs;
  const schema::EnumId id = table.terms()[0].enum_id;
  if (id == schema::kNoEnum) {
    const schema::DataType& data = table.member().data;
    if (data.kind != schema::DataKind::integer || data.width > 4) return {};
    for (const auto& [open, close] : kMarks) pairs.push_back({open, close});
    return pairs;
  }
  const auto& members = table.format().schema().enumeration(id).members;
  for (const schema::EnumMember& m : members) {
    for (const auto& [open, close] : kWords) {
      const auto label = counterpart(m.label, open, close);
      const auto other = label ? std::ranges::find(members, *label, &schema::EnumMember::label) : members.end();
      if (other != members.end()) pairs.push_back({m.value, other->value});
    }
  }
  return pairs;
}

bool is_wrong(const Sheet& sheet, const Pair& pair, program::RuleKind kind) {
  program::Collector collector(kind, {});
  for (const Row& row : sheet.rows) {
    if (!row.values[0]) continue;
    const std::array values = {program::Value::boolean(*row.values[0] == pair.open),
                               program::Value::boolean(*row.values[0] == pair.close)};
    (void)collector.add(values, {}, row.sequence);
  }
  std::optional<std::string> wrong;
  (void)collector.judge({}, 0, wrong);
  return wrong.has_value();
}

}  // namespace

void guess_pairs(const Table& table, std::vector<Guess>& out) {
  if (table.is_text() || table.each().empty() || !table.has_rule_path()) return;
  const Term& self = table.terms()[0];
  for (const Pair& pair : pairs_of(table)) {
    for (const bool nested : {false, true}) {
      const auto kind = nested ? program::RuleKind::nested : program::RuleKind::closed;
      const auto weight = weigh(table, [&](const Sheet& sheet) { return is_wrong(sheet, pair, kind); });
      if (!weight) continue;
      const auto is = [&](Integer value) { return fmt::format("{} == {}", self.rule, value_text(table, self, value)); };
      Guess guess{.weight = *weight};
      guess.cost = kCost + (nested ? kCostOfNested : 0) + weight->cost;
      guess.each = table.each();
      guess.body = fmt::format("closed: {{open: '{}', close: '{}'{}}}", is(pair.open), is(pair.close),
                               nested ? ", nested: true" : "");
      guess.words = fmt::format("{} {} is closed", self.rule, value_text(table, self, pair.open));
      out.push_back(std::move(guess));
    }
  }
}

}  // namespace sluice::suggest
