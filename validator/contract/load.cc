#include <array>
#include <set>

#include "validator/contract/loader.h"

namespace sluice::contract {

namespace {

using document::Node;

constexpr document::Limits kLimits = {.bytes = 1u << 20, .depth = 16, .nodes = 1u << 16};
constexpr std::size_t kMaxBuilds = 1000;

void check_names(Loader& loader, const Driver& driver) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < driver.builds.size(); ++i) {
    const Build& build = driver.builds[i];
    if (build.facts.name.empty() || names.insert(build.facts.name).second) continue;
    loader.error(build.mark, fmt::format("/builds/{}/name", i),
                 fmt::format("a second build of the name \"{}\"", build.facts.name));
  }
}

void load_builds(Loader& loader, const Node& root, Driver& driver) {
  const Node* builds = root.find("builds");
  if (builds == nullptr) {
    loader.error(root.mark, "", "`builds` is missing: the builds in the field");
  } else if (!builds->is_sequence()) {
    loader.error(builds->mark, "/builds", "expected a sequence of builds, found " + describe(*builds));
  } else if (builds->items.empty()) {
    loader.error(builds->mark, "/builds", "no builds: there is nothing that content could be judged for");
  } else if (builds->items.size() > kMaxBuilds) {
    loader.error(builds->mark, "/builds", fmt::format("more than {} builds", kMaxBuilds));
  } else {
    for (std::size_t i = 0; i < builds->items.size(); ++i) {
      driver.builds.push_back(load_build(loader, builds->items[i], fmt::format("/builds/{}", i)));
    }
    check_names(loader, driver);
  }
}

void load_root(Loader& loader, const Node& root, Driver& driver) {
  constexpr std::array<std::string_view, 5> kKeys = {"driver", "adapter", "schema", "rules", "builds"};
  if (!loader.is_mapping(root, "", kKeys)) return;
  if (root.find("driver") == nullptr) loader.error(root.mark, "", "`driver` is missing: the driver's name");
  driver.name = loader.text(root, "", "driver");
  driver.adapter = loader.text(root, "", "adapter");
  driver.schema = loader.text(root, "", "schema");
  driver.rules = loader.text(root, "", "rules");
  load_builds(loader, root, driver);
}

std::optional<Driver> load(std::optional<document::Document> document, std::vector<Finding>& problems) {
  if (!document) return std::nullopt;
  const std::size_t before = problems.size();
  Loader loader(*document, FindingId::bad_driver, problems);
  Driver driver;
  driver.file = document->name;
  load_root(loader, document->root, driver);
  if (problems.size() > before) return std::nullopt;
  driver.text = std::move(document->text);
  return driver;
}

}  // namespace

std::string_view name_of(Support support) {
  switch (support) {
    case Support::fielded: return "fielded";
    case Support::canary: return "canary";
    case Support::ended: return "ended";
  }
  return {};
}

std::optional<Driver> load_driver_text(std::string name, std::string text, std::vector<Finding>& problems) {
  return load(document::parse_or_tell(std::move(name), std::move(text), kLimits, problems), problems);
}

std::optional<Driver> load_driver(const std::string& path, std::vector<Finding>& problems) {
  return load(document::load_or_tell(path, kLimits, problems), problems);
}

}  // namespace sluice::contract
