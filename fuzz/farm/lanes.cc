#include "fuzz/farm/lanes.h"

#include <fmt/format.h>

#include <span>

#include "validator/gate/release.h"
#include "validator/judge/documents.h"
#include "validator/judge/targets.h"

namespace sluice::farm {

namespace {

std::string first_of(const std::vector<Finding>& findings) {
  if (findings.empty()) return "it cannot be used";
  const Finding& first = findings.front();
  const std::string place = first.text ? fmt::format(":{}:{}", first.text->line, first.text->column) : "";
  return fmt::format("{}{}: {}", first.file, place, because(first));
}

}  // namespace

run::CampaignOptions on_all_builds(const std::vector<const Lane*>& lanes) {
  run::CampaignOptions campaign = lanes.front()->campaign;
  for (const Lane* lane : std::span(lanes).subspan(1)) campaign.builds.push_back(lane->campaign.builds.front());
  return campaign;
}

Lanes::Lanes(const Farm& farm, const Folders& folders) {
  for (const Target& target : farm.targets) {
    Target& own = targets_.emplace_back(target);
    if (own.release.empty() || add_release(own)) add(own, folders);
  }
}

std::vector<const Lane*> Lanes::of(const Target& target) const {
  std::vector<const Lane*> found;
  for (const Lane& lane : lanes_) {
    if (lane.target.name == target.name && lane.problem.empty()) found.push_back(&lane);
  }
  return found;
}

// What the release says, where the target says nothing itself.
bool Lanes::add_release(Target& target) {
  std::vector<Finding> findings;
  const auto release = gate::load_release(target.release, findings);
  if (!release) {
    problems_.push_back(fmt::format("{}: {}", target.name, first_of(findings)));
    return false;
  }
  target.driver = release->driver;
  const auto fill = [](std::string& to, const std::string& from) {
    if (to.empty()) to = from;
  };
  fill(target.schema, release->schema);
  fill(target.rules, release->rules);
  fill(target.builds_folder, release->builds);
  if (target.include.empty()) target.include = release->include;
  target.seeds.insert(target.seeds.end(), release->content.begin(), release->content.end());
  return true;
}

void Lanes::add(const Target& target, const Folders& folders) {
  const auto refuse = [&](const std::string& why) { problems_.push_back(fmt::format("{}: {}", target.name, why)); };
  report::FileResult result;
  auto loaded = judge::load_driver(target.driver, result);
  if (!loaded) return refuse(first_of(result.findings));
  const contract::Driver& driver = drivers_.emplace_back(std::move(*loaded));
  std::string problem;
  const std::vector<std::size_t> builds = contract::select_builds(driver, target.builds, problem);
  if (!problem.empty()) return refuse(problem);
  const auto or_driver = [&](const std::string& own, const std::string& of_driver) {
    return own.empty() ? judge::beside(target.driver, of_driver) : own;
  };
  const std::string schema = or_driver(target.schema, driver.schema);
  if (schema.empty()) return refuse("`schema` is missing, and the driver document names none");
  const judge::Targets files = judge::find_targets(driver, target.driver, builds, target.builds_folder);
  for (std::size_t i = 0; i < builds.size(); ++i) {
    const program::BuildFacts& facts = driver.builds[builds[i]].facts;
    Lane lane{.target = target,
              .build = facts.name,
              .campaign = {.driver = target.driver,
                           .schema = schema,
                           .rules = or_driver(target.rules, driver.rules),
                           .builds_folder = target.builds_folder,
                           .include = target.include,
                           .builds = {},
                           .corpus = folders.corpus(target.name),
                           .seeds = target.seeds,
                           .faults = folders.faults(target.name),
                           .summary = {},
                           .property = target.property,
                           .max_len = target.max_len,
                           .timeout_ms = target.timeout_ms},
              .problem = files.no_target[i]};
    if (lane.problem.empty() && target.property == "drift" && files.replicas[i] == 0) {
      lane.problem = "`property: drift` compares an `image` with a `replica`, and it has not both";
    }
    lane.campaign.builds.push_back({facts, files.files[i]});
    lanes_.push_back(std::move(lane));
  }
}

}  // namespace sluice::farm
