#include "fuzz/engine/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "fuzz/mutate/features.h"

namespace sluice::engine {

namespace {

using mutate::Feature;
using mutate::Features;

// What the jobs of one build have told. A child is hostile: all is copied and bounded.
struct Told {
  std::vector<UseState> uses = std::vector<UseState>(mutate::kMostFeatures, UseState::none);
  bool is_by_events = false;
  std::map<Integer, std::string> names;
};

Told told_by(const BuildOptions& build, const std::vector<std::unique_ptr<Job>>& jobs) {
  Told told;
  for (const auto& job : jobs) {
    if (&job->build() != &build) continue;
    Shared& shared = job->shared();
    for (std::size_t i = 0; i < mutate::kMostFeatures; ++i) {
      told.uses[i] = std::max(told.uses[i], std::min(shared.uses[i].load(), UseState::evaluated));
    }
    told.is_by_events = told.is_by_events || shared.tells_reached != 0;
    const std::uint32_t count = std::min<std::uint32_t>(shared.num_types, kMaxTypes);
    for (std::uint32_t i = 0; i < count; ++i) {
      char name[kMaxTypeName];
      std::memcpy(name, shared.types[i].name, sizeof name);
      told.names[shared.types[i].type] = printable({name, ::strnlen(name, sizeof name)});
    }
  }
  return told;
}

// What content can use on this build: `check` refuses what it does not supply. Without a word about that, what it
// defines, or what the schema allows.
bool is_supplied(const mutate::Format& format, const Feature& use) {
  for (const program::BuildFacts& build : format.builds()) {
    if (build.supplies.empty()) continue;
    const auto at = build.supplies.find(use.type);
    if (at == build.supplies.end() || use.input >= at->second) return false;
  }
  return true;
}

std::string text_of(const DarkOperator& dark) {
  std::string text = dark.type ? fmt::format("template type {}", to_string(*dark.type)) : "any template type";
  if (!dark.type_name.empty()) text += fmt::format(" \"{}\"", dark.type_name);
  text += fmt::format(", input {}", to_string(dark.input));
  if (!dark.name.empty()) text += fmt::format(", operator {}", dark.name);
  return text;
}

}  // namespace

Operators operators_of(const BuildOptions& build, const std::vector<std::unique_ptr<Job>>& jobs) {
  Operators out;
  out.build = build.name;
  const mutate::Format& format = *build.format;
  if (!format.schema().rules.uses) {
    out.not_told = "the rules do not say what uses inputs (`uses`)";
    return out;
  }
  const Features features(format);
  const std::vector<std::size_t> all = features.expressible_uses();
  if (all.empty()) {
    out.not_told = "no inputs are known, or more than can be told apart";
    return out;
  }
  const Told told = told_by(build, jobs);
  out.is_by_events = told.is_by_events;
  for (const std::size_t index : all) {
    const Feature use = features.at(index);
    if (!is_supplied(format, use)) continue;
    DarkOperator one;
    one.input = use.input;
    one.name = features.operator_of(use);
    one.is_accepted = told.uses[index] != UseState::none;
    if (features.knows_types()) {
      one.type = use.type;
      const auto name = told.names.find(use.type);
      if (name != told.names.end()) one.type_name = name->second;
    }
    if (out.types.empty() || out.types.back().type != one.type) out.types.push_back({one.type, one.type_name, 0});
    out.types.back().inputs = use.input + 1;
    ++out.expressible;
    if (told.uses[index] == UseState::evaluated || (!told.is_by_events && one.is_accepted)) {
      ++out.executed;
      continue;
    }
    if (out.dark.size() == kMostDark) {
      ++out.left_out;
      continue;
    }
    one.text = text_of(one);
    out.dark.push_back(std::move(one));
  }
  return out;
}

}  // namespace sluice::engine
