#include "validator/difference/feature_name.h"

#include <fmt/format.h>

#include <set>

namespace sluice::difference {

namespace {

using Kind = Feature::Kind;
using program::Program;
using program::Tag;

constexpr std::string_view kField = "field ";
constexpr std::string_view kValue = "value ";
constexpr std::string_view kChoice = "choice ";
constexpr std::string_view kTemplateType = "template_type ";
constexpr std::string_view kInput = "input template_type=";
constexpr std::string_view kInputNumber = " input=";

// As `to_string` writes it and in no other way, so that one feature has one name.
std::optional<Integer> integer_of(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  const auto size = parse_integer_literal(is_negative ? text.substr(1) : text);
  if (!size) return std::nullopt;
  const Integer value = is_negative ? -*size : *size;
  return in_range(value) && to_string(value) == text ? std::optional(value) : std::nullopt;
}

// What is before the first `by` and, if there is one, what is behind it.
std::pair<std::string_view, std::optional<std::string_view>> split(std::string_view text, std::string_view by) {
  const std::size_t at = text.find(by);
  if (at == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, at), text.substr(at + by.size())};
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string text_of(const SwitchPlan::Case& choice) {
  const bool is_number = choice.constant && choice.constant->tag == Tag::integer;
  return is_number ? to_string(choice.constant->as_integer()) : choice.text;
}

}  // namespace

FeatureNames::FeatureNames(const Program& program, const Plan& plan) : program_(program), plan_(plan) {
  // Of two types of one name, from two schemas, it cannot be told whose a field is: neither is known by it.
  std::set<std::string> shared;
  for (std::uint32_t type = 0; type < program.full.types.size(); ++type) {
    for (std::uint32_t member = 0; member < program.full.types[type].members.size(); ++member) {
      const Feature field{Kind::field, type, member};
      const auto [at, is_new] = fields_.try_emplace(field_of(field), Field{type, member});
      if (!is_new) shared.insert(at->first);
    }
  }
  for (const std::string& name : shared) fields_.erase(name);
}

std::string FeatureNames::name_of(const Feature& f) const {
  switch (f.kind) {
    case Kind::value: return fmt::format("{}{}={}", kValue, field_of(f), to_string(f.a));
    case Kind::template_type: return fmt::format("{}{}", kTemplateType, to_string(f.a));
    case Kind::input: return fmt::format("{}{}{}{}", kInput, to_string(f.a), kInputNumber, to_string(f.b));
    case Kind::field: return fmt::format("{}{}", kField, field_of(f));
    case Kind::choice: break;
  }
  return fmt::format("{}{}{}", kChoice, field_of(f), case_of(f));
}

std::vector<std::string> FeatureNames::names_of(const Usage& usage) const {
  std::vector<std::string> names;
  for (const Feature& feature : usage.features()) names.push_back(name_of(feature));
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

std::string FeatureNames::field_of(const Feature& f) const {
  const program::TypeInfo& info = program_.full.types[f.type];
  return fmt::format("{}.{}", info.full_name, info.members[f.member].id);
}

std::string FeatureNames::case_of(const Feature& f) const {
  if (f.a < 0) return {};
  return "=" + text_of(plan_.of(f.type, f.member).switched->cases[static_cast<std::size_t>(f.a)]);
}

std::optional<Feature> FeatureNames::feature(std::string_view name) const {
  if (take(name, kTemplateType)) {
    const auto type = integer_of(name);
    return type ? std::optional(Feature{Kind::template_type, 0, 0, *type}) : std::nullopt;
  }
  if (take(name, kInput)) {
    const auto [before, behind] = split(name, kInputNumber);
    const auto type = integer_of(before);
    const auto input = behind ? integer_of(*behind) : std::nullopt;
    return type && input ? std::optional(Feature{Kind::input, 0, 0, *type, *input}) : std::nullopt;
  }
  const bool is_value = take(name, kValue);
  const bool is_choice = !is_value && take(name, kChoice);
  if (!is_value && !is_choice && !take(name, kField)) return std::nullopt;
  const auto [before, behind] = split(name, "=");
  const auto found = fields_.find(before);
  if (found == fields_.end()) return std::nullopt;
  const Field& field = found->second;
  if (is_choice) return choice(field, behind);
  if (!is_value) return behind ? std::nullopt : std::optional(Feature{Kind::field, field.first, field.second});
  const auto value = behind ? integer_of(*behind) : std::nullopt;
  return value ? std::optional(Feature{Kind::value, field.first, field.second, *value}) : std::nullopt;
}

std::optional<Feature> FeatureNames::choice(const Field& field, std::optional<std::string_view> text) const {
  const auto& switched = plan_.of(field.first, field.second).switched;
  if (!switched) return std::nullopt;
  Feature feature{Kind::choice, field.first, field.second, -1};
  if (!text) return feature;
  const auto has_text = [&](const SwitchPlan::Case& one) { return text_of(one) == *text; };
  const auto found = std::ranges::find_if(switched->cases, has_text);
  if (found == switched->cases.end()) return std::nullopt;
  feature.a = found - switched->cases.begin();
  return feature;
}

}  // namespace sluice::difference
