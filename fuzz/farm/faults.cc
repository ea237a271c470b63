#include "fuzz/farm/faults.h"

#include <algorithm>

#include "fuzz/farm/cases.h"
#include "fuzz/farm/replay.h"

namespace sluice::farm {

using FaultState = FaultRecord::State;

void Faults::load() {
  for (FaultRecord& fault : state_.faults()) {
    std::pair key(fault.target, fault.identity);
    known_.emplace(std::move(key), std::move(fault));
  }
}

bool Faults::take(const std::string& target, std::string& problem) {
  std::vector<Case> cases;
  const bool is_good = file_cases(folders_.faults(target), folders_.worker, night_.number, cases, problem);
  for (Case& one : cases) {
    const auto [at, is_new] = known_.try_emplace({target, one.identity});
    if (!is_new) continue;
    // What this worker filed and did not come to write down is of that night; of one that this state does not know, it
    // is older than all.
    const bool is_mine = one.worker == folders_.worker;
    const std::int64_t first = !is_mine ? night_.number : one.night <= night_.number ? one.night : 0;
    at->second = {.target = target,
                  .identity = one.identity,
                  .build = one.build,
                  .sentence = one.sentence,
                  .worker = one.worker,
                  .first_night = first,
                  .last_night = night_.number,
                  .since = first};
    save(at->second);
  }
  return is_good;
}

void Faults::change(FaultRecord& fault, FaultState to) {
  if (fault.state == to) return;
  fault.state = to;
  fault.since = night_.number;
}

bool Faults::see(const std::string& target, const std::string& identity) {
  const auto at = known_.find({target, identity});
  if (at == known_.end()) return false;
  FaultRecord& fault = at->second;
  const bool is_news = fault.last_night != night_.number || fault.state == FaultState::fixed;
  fault.last_night = night_.number;
  if (fault.state == FaultState::fixed) change(fault, FaultState::returned);
  if (is_news) save(fault);
  return true;
}

bool Faults::replay(const Lane& lane, std::string& problem) {
  const std::string folder = folders_.faults(lane.target.name);
  std::vector<Case> cases;
  (void)file_cases(folder, folders_.worker, night_.number, cases, problem);
  std::erase_if(cases, [&](const Case& one) {
    return one.build != lane.build || !known_.contains({lane.target.name, one.identity});
  });
  if (cases.empty() || !lane.problem.empty()) return problem.empty();
  const std::vector<Replayed> results = farm::replay(lane.campaign, folder, cases, problem);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    FaultRecord& fault = known_.at({lane.target.name, cases[i].identity});
    if (results[i] == Replayed::shows) {
      fault.replays = true;
      fault.last_night = night_.number;
      if (fault.state == FaultState::fixed) change(fault, FaultState::returned);
    } else if (results[i] == Replayed::silent) {
      fault.replays = fault.replays || was_shown(folder, cases[i]);
      if (fault.replays) change(fault, FaultState::fixed);
    }
    save(fault);
  }
  return problem.empty();
}

std::size_t Faults::num_new() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      known_, [&](const auto& entry) { return entry.second.is_new(night_.number, folders_.worker); }));
}

std::size_t Faults::num_returned() const {
  return static_cast<std::size_t>(std::ranges::count_if(known_, [&](const auto& entry) {
    return entry.second.state == FaultState::returned && entry.second.since == night_.number;
  }));
}

std::size_t Faults::num_fixed() const {
  return static_cast<std::size_t>(std::ranges::count_if(known_, [&](const auto& entry) {
    return entry.second.state == FaultState::fixed && entry.second.since == night_.number;
  }));
}

}  // namespace sluice::farm
