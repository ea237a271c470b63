#include <fmt/format.h>

#include <algorithm>

#include "validator/contract/driver.h"
#include "validator/document/read.h"

namespace sluice::contract {

namespace {

std::string unknown(const Driver& driver, const std::string& name) {
  std::vector<std::string_view> names;
  for (const Build& build : driver.builds) {
    if (build.support != Support::ended) names.emplace_back(build.facts.name);
  }
  const std::string text = fmt::format("no build of {} is called '{}'", driver.name, printable(name));
  if (const auto near = document::nearest(name, names)) return text + fmt::format("; did you mean '{}'?", *near);
  return text + fmt::format("; there are {}", fmt::join(names, ", "));
}

}  // namespace

std::vector<std::size_t> select_builds(const Driver& driver, const std::vector<std::string>& names,
                                       std::string& problem) {
  std::vector<std::size_t> chosen;
  for (const std::string& name : names) {
    const auto build = std::ranges::find_if(driver.builds, [&](const Build& b) { return b.facts.name == name; });
    if (build == driver.builds.end()) {
      problem = unknown(driver, name);
      return {};
    }
    if (build->support == Support::ended) {
      problem = fmt::format("the support of build '{}' has ended: nothing is judged for it", name);
      return {};
    }
    chosen.push_back(static_cast<std::size_t>(build - driver.builds.begin()));
  }
  for (std::size_t i = 0; names.empty() && i < driver.builds.size(); ++i) {
    if (driver.builds[i].support != Support::ended) chosen.push_back(i);
  }
  std::ranges::sort(chosen);
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  if (chosen.empty())
    problem = fmt::format("the support of every build of {} has ended: nothing to judge", driver.name);
  return chosen;
}

}  // namespace sluice::contract
