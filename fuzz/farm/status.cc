#include "fuzz/farm/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "fuzz/farm/folders.h"
#include "fuzz/farm/state.h"
#include "fuzz/farm/summary.h"
#include "fuzz/farm/turns.h"
#include "validator/report/escape.h"

namespace sluice::farm {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kState = ".sqlite";

std::vector<std::string> workers_of(const std::string& folder) {
  std::vector<std::string> workers;
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator(); at.increment(error)) {
    std::string name = at->path().filename().string();
    if (!name.ends_with(kState)) continue;
    name.resize(name.size() - kState.size());
    if (is_safe_name(name)) workers.push_back(std::move(name));
  }
  std::ranges::sort(workers);
  return workers;
}

// With what the turns that go on have told so far.
std::vector<LaneNight> lanes_of(State& state, const Records& records, const Folders& folders, std::size_t& running) {
  std::vector<LaneNight> lanes = records.lanes_of_night();
  for (const Turn& turn : state.open_turns(records.night.number)) {
    std::string ignored;
    const auto summary = run::read_summary(folders.summary(turn.night, turn.number), ignored);
    if (!summary) continue;
    ++running;
    auto at = std::ranges::find_if(
        lanes, [&](const LaneNight& lane) { return lane.target == turn.target && lane.build == turn.build; });
    if (at == lanes.end()) {
      LaneNight& lane = lanes.emplace_back();
      lane.target = turn.target;
      lane.build = turn.build;
      at = lanes.end() - 1;
    }
    add_figures(*summary, false, 0, *at);
  }
  return lanes;
}

std::string worker_text(const Farm& farm, const Folders& folders) {
  State state(folders.state());
  const Records records = state.records(folders.worker);
  std::string text;
  for (const std::string& message : state.messages()) text += message + "\n";
  if (records.night.number == 0) return text + fmt::format("{}: no night yet\n", folders.worker);
  std::size_t running = 0;
  const std::vector<LaneNight> lanes = lanes_of(state, records, folders, running);
  const std::int64_t seconds = records.night.milliseconds / 1000;
  std::string when = fmt::format("{} s", seconds);
  if (records.night.code != Night::kNoCode) {
    when += fmt::format(", ended with exit code {}", records.night.code);
  } else if (farm.seconds != 0) {
    when += fmt::format(", {} s left", std::max<std::int64_t>(0, static_cast<std::int64_t>(farm.seconds) - seconds));
  }
  constexpr std::array kPhases = {", known faults are run again", "", ", faults are triaged",
                                  ", corpora are made small", ""};
  when += kPhases[static_cast<std::size_t>(records.night.phase)];
  text += fmt::format("farm {}, night {} of {}: {}; {} turns, {} running\n\n", farm.name, records.night.number,
                      records.worker, when, records.night.turns, running);
  text += lanes_text(lanes);
  std::size_t num_new = 0;
  std::size_t num_open = 0;
  std::string names;
  for (const FaultRecord& fault : records.faults) {
    if (fault.state == FaultRecord::State::fixed) continue;
    ++num_open;
    if (state_of(fault, records) != "new") continue;
    ++num_new;
    names += fmt::format("NEW       {} {}: {}\n", fault.target, report::visible(fault.identity),
                         report::visible(fault.sentence));
  }
  text += fmt::format("\nfaults: {}, of which {} new\n{}", num_open, num_new, names);
  for (const std::string& sentence : records.told) text += fmt::format("told      {}\n", report::visible(sentence));
  return text;
}

}  // namespace

bool status_text(const Farm& farm, std::string& text) {
  const Folders farm_folders{.root = farm.folder, .worker = {}};
  const std::vector<std::string> workers = workers_of(farm_folders.states());
  if (workers.empty()) {
    text = fmt::format("{}: nobody has worked here yet", farm_folders.states());
    return false;
  }
  for (const std::string& worker : workers) {
    if (!text.empty()) text += "\n";
    text += worker_text(farm, {.root = farm.folder, .worker = worker});
  }
  return true;
}

}  // namespace sluice::farm
