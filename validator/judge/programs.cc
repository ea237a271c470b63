#include "validator/judge/programs.h"

#include <algorithm>

#include "validator/schema/compile.h"

namespace sluice::judge {

std::vector<program::BuildFacts> facts_of(const contract::Driver& driver, const std::vector<std::size_t>& builds) {
  std::vector<program::BuildFacts> facts;
  for (const std::size_t index : builds) facts.push_back(driver.builds[index].facts);
  return facts;
}

bool says_something_of_builds(const schema::Schema& schema) {
  const schema::RuleBook& book = schema.rules;
  return book.uses.has_value() || std::ranges::any_of(book.rules, [](const auto& rule) { return rule.names_build; });
}

std::vector<std::string> left_out(const contract::Driver& driver, const std::vector<std::size_t>& builds) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < driver.builds.size(); ++i) {
    const contract::Build& build = driver.builds[i];
    const bool is_judged = std::ranges::find(builds, i) != builds.end();
    if (!is_judged && build.support != contract::Support::ended) names.push_back(build.facts.name);
  }
  return names;
}

TreeProgram TreeProgram::of(const schema::Schema& schema, const std::vector<program::BuildFacts>& builds) {
  TreeProgram tree{.program = schema::compile(schema, {.keep_everything = true, .builds = builds}), .plan = {}};
  tree.plan = difference::Plan::of(schema, tree.program);
  return tree;
}

}  // namespace sluice::judge
