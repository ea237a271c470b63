#include "fuzz/suggest/guess.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/schema/schema.h"

namespace sluice::suggest {

namespace {

constexpr double kCostOfAccepted = 20;  // of all neighbours that fault
constexpr double kCostOfRefused = 8;    // of all that do not
constexpr double kCostOfAnyAccepted = 0.5;
constexpr double kCostOfAnyRefused = 0.3;
constexpr std::uint32_t kMostWrong = 3;  // one of so many

}  // namespace

std::optional<Weight> weigh(const Table& table, const Refuses& refuses, Clean trust) {
  Weight weight;
  std::uint32_t faulty = 0;
  std::uint32_t clean = 0;
  for (const Sheet& sheet : table.sheets()) {
    const bool is_refused = refuses(sheet);
    switch (sheet.example->kind) {
      case Example::Kind::crash:
        if (!is_refused) return std::nullopt;
        break;
      case Example::Kind::good:
        if (is_refused) return std::nullopt;
        break;
      case Example::Kind::faulty:
        ++faulty;
        if (!is_refused) ++weight.accepted_faulty;
        break;
      case Example::Kind::clean:
        ++clean;
        if (is_refused) ++weight.refused_clean;
        break;
    }
  }
  if (weight.accepted_faulty > faulty / kMostWrong) return std::nullopt;
  if (trust == Clean::counts && weight.refused_clean > clean / kMostWrong) return std::nullopt;
  if (weight.accepted_faulty != 0) {
    weight.cost_of_accepted = kCostOfAnyAccepted + kCostOfAccepted * weight.accepted_faulty / faulty;
  }
  weight.cost = weight.cost_of_accepted;
  if (weight.refused_clean != 0) weight.cost += kCostOfAnyRefused;
  if (clean != 0 && trust == Clean::counts) weight.cost += kCostOfRefused * weight.refused_clean / clean;
  return weight;
}

std::vector<Guard> guards_of(const Table& table) {
  std::vector<Guard> guards;
  const Row& culprit = table.culprit();
  for (std::size_t i = 0; i < table.terms().size(); ++i) {
    const Term& term = table.terms()[i];
    if (term.kind == Term::Kind::row || term.kind == Term::Kind::supply || term.kind == Term::Kind::root) continue;
    if (i >= culprit.values.size() || !culprit.values[i]) continue;
    const Integer value = *culprit.values[i];
    if (term.enum_id == schema::kNoEnum) {
      const bool is_beside = term.kind == Term::Kind::own;
      if (is_beside && value != 0 && !table.is_text()) guards.push_back({i, false, 0, i == 0 ? 0.4 : 1.2});
      continue;
    }
    if (i == 0) continue;
    const auto& members = table.format().schema().enumeration(term.enum_id).members;
    if (std::ranges::find(members, value, &schema::EnumMember::value) == members.end()) continue;
    // What is beside the field says more of it than what is around it.
    const double farther = term.kind == Term::Kind::own ? 0 : 0.4;
    guards.push_back({i, true, value, 1.0 + farther});
    for (const schema::EnumMember& m : members) {
      if (m.value != value) guards.push_back({i, false, m.value, 0.9 + farther});
    }
  }
  return guards;
}

std::string value_text(const Table& table, const Term& term, Integer value) {
  if (term.enum_id == schema::kNoEnum) return to_string(value);
  const schema::Enum& all = table.format().schema().enumeration(term.enum_id);
  const schema::EnumMember* member = all.find(value);
  return member == nullptr ? to_string(value) : all.name + "::" + member->label;
}

std::string text_of(const Table& table, const Guard& guard, bool rule) {
  const Term& term = table.terms()[guard.term];
  const std::string& name = rule ? term.rule : term.schema;
  if (name.empty()) return {};
  return name + (guard.is_equal ? " == " : " != ") + value_text(table, term, guard.value);
}

void require(const Table& table, const Guard* guard, const std::string& rule, Guess& guess) {
  guess.each = table.each();
  guess.body = "require: " + rule;
  if (guard != nullptr && guess.each.empty()) {
    guess.body = fmt::format("require: not ({}) or {}", text_of(table, *guard, true), rule);
  } else if (guard != nullptr) {
    guess.where = text_of(table, *guard, true);
  }
}

}  // namespace sluice::suggest
