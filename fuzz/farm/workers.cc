#include "fuzz/farm/workers.h"

#include <algorithm>
#include <filesystem>

#include "fuzz/farm/state.h"
#include "fuzz/farm/turns.h"

namespace sluice::farm {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kState = ".sqlite";

void add_running(State& state, const Folders& folders, WorkerNow& now) {
  Records& records = now.records;
  for (const Turn& turn : state.open_turns(records.night.number)) {
    std::string ignored;
    const auto summary = run::read_summary(folders.summary(turn.night, turn.number), ignored);
    if (!summary) continue;
    ++now.running;
    auto at = std::ranges::find_if(records.lanes, [&](const LaneNight& lane) {
      return lane.night == turn.night && lane.target == turn.target && lane.build == turn.build;
    });
    if (at == records.lanes.end()) {
      LaneNight& lane = records.lanes.emplace_back();
      lane.night = turn.night;
      lane.target = turn.target;
      lane.build = turn.build;
      at = records.lanes.end() - 1;
    }
    add_figures(*summary, false, 0, *at);
  }
}

}  // namespace

std::vector<std::string> workers_in(const Folders& folders) {
  std::vector<std::string> workers;
  std::error_code error;
  for (fs::directory_iterator at(folders.states(), error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    std::string name = at->path().filename().string();
    if (!name.ends_with(kState)) continue;
    name.resize(name.size() - kState.size());
    if (is_safe_name(name)) workers.push_back(std::move(name));
  }
  std::ranges::sort(workers);
  return workers;
}

WorkerNow look_at(const Folders& folders) {
  WorkerNow now;
  State state(folders.state());
  now.records = state.records(folders.worker);
  state.add_courses(now.records);
  add_running(state, folders, now);
  now.messages = state.messages();
  return now;
}

std::vector<Other> others_of(const Folders& folders) {
  std::vector<Other> others;
  for (const std::string& worker : workers_in(folders)) {
    if (worker == folders.worker) continue;
    WorkerNow now = look_at({.root = folders.root, .worker = worker});
    others.push_back({std::move(now.records), now.messages.empty() ? std::string() : now.messages.front()});
  }
  return others;
}

}  // namespace sluice::farm
