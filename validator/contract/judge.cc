#include <fmt/format.h>

#include "validator/contract/driver.h"

namespace sluice::contract {

namespace {

Finding difference(const Driver& driver, std::size_t index, Integer type, Integer defined, Integer supplied) {
  const Build& build = driver.builds[index];
  const auto supply = build.supply_marks.find(type);
  const bool is_supplied = supply != build.supply_marks.end();
  const document::Mark mark = is_supplied ? supply->second : build.definition_marks.at(type);
  Finding finding = Finding::of(FindingId::supply_differs_from_definition);
  finding.file = driver.file;
  finding.path = fmt::format("/builds/{}/{}/{}", index, is_supplied ? "supplies" : "defines", to_string(type));
  finding.text = TextPlace{mark.line, mark.column};
  finding.excerpt = document::excerpt(driver.text, mark);
  finding.build = build.facts.name;
  finding.with("build", build.facts.name)
      .with("type", to_string(type))
      .with("defined", to_string(defined))
      .with("supplied", to_string(supplied));
  if (supplied < defined) {
    const std::string first = to_string(supplied);
    const std::string last = to_string(defined - 1);
    finding.suggest =
        fmt::format("until it is corrected in the field, content may not use input{} of template type {} there",
                    first == last ? " " + first : fmt::format("s {}..{}", first, last), to_string(type));
  }
  return finding;
}

}  // namespace

std::vector<Finding> judge_driver(const Driver& driver, const std::vector<std::size_t>& chosen) {
  std::vector<Finding> findings;
  for (const std::size_t index : chosen) {
    const program::BuildFacts& facts = driver.builds[index].facts;
    for (const auto& [type, defined] : facts.defines) {
      const auto supply = facts.supplies.find(type);
      const Integer supplied = supply == facts.supplies.end() ? Integer{0} : supply->second;
      if (supplied != defined) findings.push_back(difference(driver, index, type, defined, supplied));
    }
  }
  return findings;
}

}  // namespace sluice::contract
