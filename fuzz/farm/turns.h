// The turns of a night: campaigns side by side, each on the lane that is due, and what they come to.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/farm/document.h"
#include "fuzz/farm/faults.h"
#include "fuzz/farm/lanes.h"
#include "fuzz/farm/schedule.h"
#include "fuzz/farm/state.h"
#include "validator/run/campaign.h"

namespace sluice::farm {

// What goes on, in a sentence, for the person who looks at it and for the page.
using Tell = std::function<void(const std::string&)>;

// A campaign with which nothing can be done ends the lane's night after so many in a row.
inline constexpr std::int64_t kMostFailures = 3;

// One turn's figures put to the night's. `is_done`: it came to its end.
void add_figures(const run::CampaignSummary& summary, bool is_done, std::int64_t now, LaneNight& lane);

class Turns {
 public:
  using Clock = std::chrono::steady_clock;
  // All are aliased.
  Turns(const Farm& farm, const Lanes& lanes, const Folders& folders, State& state, Night& night, Faults& faults,
        Tell tell);
  ~Turns();

  // First. What a farm that was killed left: its turns are closed with what their campaigns told last. False: the state
  // cannot be written to.
  [[nodiscard]] bool close_open_turns();

  enum class End : std::uint8_t { done, interrupted, state_lost };
  // Until the time is over or each lane has had its turns. `each_second` is asked whether to go on.
  [[nodiscard]] End run(const std::function<bool()>& each_second);

  [[nodiscard]] const std::vector<LaneNight>& lanes() const { return nights_; }

 private:
  struct Running;
  [[nodiscard]] std::uint64_t seconds_left() const;
  [[nodiscard]] std::uint64_t seconds_of_turn() const;
  [[nodiscard]] bool fill();
  [[nodiscard]] bool start(std::size_t lane);
  [[nodiscard]] bool finish(Running& running);
  [[nodiscard]] bool fail(Running& running, const std::string& reason);
  void note_faults(const Lane& lane, const run::CampaignSummary& summary);
  void see_corpus(std::size_t lane);

  const Farm& farm_;
  const Lanes& lanes_;
  const Folders& folders_;
  State& state_;
  Night& night_;
  Faults& faults_;
  Tell tell_;
  std::vector<LaneNight> nights_;       // of each lane
  std::vector<std::int64_t> failures_;  // of each lane, in a row
  Schedule schedule_;
  std::vector<std::unique_ptr<Running>> running_;
  bool is_interrupted_ = false;
};

}  // namespace sluice::farm
