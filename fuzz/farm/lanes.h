// What is fuzzed: each target of a farm on each of its builds, with the documents read.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "fuzz/farm/document.h"
#include "fuzz/farm/folders.h"
#include "validator/contract/driver.h"
#include "validator/run/campaign.h"

namespace sluice::farm {

struct Lane {
  const Target& target;
  std::string build;
  run::CampaignOptions campaign;  // all but what a turn has of its own: seed, summary, how long
  std::string problem;            // why it cannot be fuzzed; empty: it can
  [[nodiscard]] std::string name() const { return target.name + " " + build; }
};

// What is done with all builds of one target at once; `lanes` has at least one.
[[nodiscard]] run::CampaignOptions on_all_builds(const std::vector<const Lane*>& lanes);

class Lanes {
 public:
  // `farm` is aliased.
  Lanes(const Farm& farm, const Folders& folders);
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  [[nodiscard]] const std::vector<Lane>& all() const { return lanes_; }
  // Why a target has no lane: sentences.
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  // Those of a target that can be fuzzed.
  [[nodiscard]] std::vector<const Lane*> of(const Target& target) const;

 private:
  void add(const Target& target, const Folders& folders);
  bool add_release(Target& target);

  std::deque<Target> targets_;
  std::deque<contract::Driver> drivers_;
  std::vector<Lane> lanes_;
  std::vector<std::string> problems_;
};

}  // namespace sluice::farm
