// One night of one worker: the known faults again, turns, cases made of what was found, corpora made small, and what it
// came to.
#pragma once

#include <string>
#include <vector>

#include "fuzz/farm/document.h"
#include "fuzz/farm/faults.h"
#include "fuzz/farm/folders.h"
#include "fuzz/farm/lanes.h"
#include "fuzz/farm/state.h"
#include "fuzz/farm/turns.h"

namespace sluice::farm {

enum class Code : std::uint8_t {
  nothing_new = 0,
  new_faults = 1,  // or one that was fixed is back
  trouble = 2,     // something could not be done, and there are no new faults
};

struct NightOptions {
  std::string summary;  // a JSON file; empty: none
  std::string html;     // the page, an HTML file; empty: none
  std::string metrics;  // a file in the text format of Prometheus; empty: none
};

class NightRun {
 public:
  // All are aliased. `is_asked_to_end` is asked each second.
  NightRun(const Farm& farm, const Folders& folders, const NightOptions& options, std::function<bool()> is_asked_to_end)
      : farm_(farm), folders_(folders), options_(options), is_asked_to_end_(std::move(is_asked_to_end)) {}

  // Goes on with the night that did not end, or begins one. What was done is done for good whenever it is ended.
  [[nodiscard]] Code run();

 private:
  [[nodiscard]] bool open();
  // False, of all of these: it was asked to end, and the phase is not over.
  [[nodiscard]] bool replay(const Lanes& lanes, Faults& faults);
  [[nodiscard]] bool triage(const Lanes& lanes, Faults& faults);
  [[nodiscard]] bool merge(const Lanes& lanes);
  [[nodiscard]] bool merge(const Target& target, const Lanes& lanes);
  void take_all(Faults& faults);
  void tell_of_lanes(const std::vector<LaneNight>& lanes);
  [[nodiscard]] bool keep_slow(const std::string& target, const run::CampaignSummary& summary);
  void tell(const std::string& sentence);
  Code lose_state();
  Code finish(Code code, const Lanes& lanes);
  void write_metrics();

  const Farm& farm_;
  const Folders& folders_;
  const NightOptions& options_;
  std::function<bool()> is_asked_to_end_;
  State* state_ = nullptr;
  Night night_;
  bool has_trouble_ = false;
};

}  // namespace sluice::farm
