#include "fuzz/farm/turns.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <thread>

#include "validator/bytes/sha256.h"

namespace sluice::farm {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr double kMillion = 1e6;

std::int64_t signed_of(std::uint64_t number) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(number, std::uint64_t{1} << 62));
}

// Different for each turn of each worker, and the same whenever it is done again.
std::uint32_t seed_of(std::uint64_t seed, const std::string& worker, std::int64_t night, std::int64_t turn) {
  const std::string digest = bytes::sha256(fmt::format("{} {} {} {}", seed, worker, night, turn));
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | static_cast<std::uint8_t>(digest[i]);
  return value;
}

LaneNight& find_or_add(std::vector<LaneNight>& nights, std::int64_t night, const Lane& lane) {
  const auto found = std::ranges::find_if(
      nights, [&](const LaneNight& of) { return of.target == lane.target.name && of.build == lane.build; });
  if (found != nights.end()) return *found;
  LaneNight& added = nights.emplace_back();
  added.night = night;
  added.target = lane.target.name;
  added.build = lane.build;
  return added;
}

}  // namespace

void add_figures(const run::CampaignSummary& summary, bool is_done, std::int64_t now, LaneNight& lane) {
  const std::int64_t before = lane.executions;
  const auto gain = [](std::int64_t& to, std::uint64_t more) { to += signed_of(more); };
  gain(lane.executions, summary.executions);
  gain(lane.milliseconds, static_cast<std::uint64_t>(summary.seconds * 1000));
  gain(lane.accepted, summary.accepted);
  gain(lane.faulted, summary.faulted);
  gain(lane.restarts, summary.restarts);
  if (lane.turns == 0) lane.blocks_of_seeds = signed_of(summary.blocks_of_seeds);
  const std::int64_t covered = signed_of(summary.blocks_covered);
  if (summary.corpus_new > 0 || covered > std::max(lane.blocks_covered, signed_of(summary.blocks_of_seeds))) {
    lane.last_new = before + signed_of(summary.last_new);
    lane.new_at = now;
  }
  lane.blocks_covered = std::max(lane.blocks_covered, covered);
  lane.blocks_reachable = std::max(lane.blocks_reachable, signed_of(summary.blocks_reachable));
  lane.blocks = std::max(lane.blocks, signed_of(summary.blocks));
  lane.corpus = signed_of(summary.corpus);
  lane.expressible = signed_of(summary.expressible);
  lane.executed = std::max(lane.executed, signed_of(summary.executed));
  if (is_done) ++lane.turns;
}

struct Turns::Running {
  std::size_t lane = 0;
  Turn turn;
  double charged = 0;
  std::uint64_t seconds = 0;  // 0: by executions
  Clock::time_point begun;
  run::Campaign campaign;
  std::string summary;
  bool is_asked_to_end = false;
};

Turns::Turns(const Farm& farm, const Lanes& lanes, const Folders& folders, State& state, Night& night, Faults& faults,
             Tell tell)
    : farm_(farm),
      lanes_(lanes),
      folders_(folders),
      state_(state),
      night_(night),
      faults_(faults),
      tell_(std::move(tell)),
      failures_(lanes.all().size()),
      schedule_({}, 0) {
  std::vector<LaneNight> known = state_.lanes(night.number);
  std::vector<Schedule::Lane> scheduled;
  for (const Lane& lane : lanes_.all()) {
    LaneNight of = find_or_add(known, night.number, lane);
    // What it was left out for before it was started again may be mended.
    if (!lane.problem.empty() || of.failures == 0) of.problem = lane.problem;
    scheduled.push_back({.share = static_cast<double>(lane.target.share),
                         .turns = static_cast<std::uint64_t>(of.turns),
                         .used = static_cast<double>(of.used) / kMillion,
                         .growth = std::clamp(static_cast<double>(of.growth) / kMillion, 0.0, Schedule::kMostGrowth),
                         .is_left_out = !of.problem.empty()});
    nights_.push_back(std::move(of));
  }
  schedule_ = Schedule(std::move(scheduled), farm_.turns);
}

// Those that end with a summary leave nothing behind.
Turns::~Turns() {
  for (const auto& running : running_) running->campaign.interrupt();
  for (const auto& running : running_) (void)running->campaign.has_ended(std::chrono::seconds(5));
}

bool Turns::close_open_turns() {
  for (const Turn& turn : state_.open_turns(night_.number)) {
    const auto at = std::ranges::find_if(
        nights_, [&](const LaneNight& of) { return of.target == turn.target && of.build == turn.build; });
    LaneNight none;
    LaneNight& lane = at != nights_.end() ? *at : none;
    if (at == nights_.end()) {  // the document has changed
      none.night = night_.number;
      none.target = turn.target;
      none.build = turn.build;
    }
    const std::string path = folders_.summary(turn.night, turn.number);
    std::string problem;
    const auto summary = run::read_summary(path, problem);
    if (summary) add_figures(*summary, false, std::time(nullptr), lane);
    const State::Outcome outcome{.lane = lane,
                                 .executions = summary ? signed_of(summary->executions) : 0,
                                 .milliseconds = summary ? static_cast<std::int64_t>(summary->seconds * 1000) : 0,
                                 .problem = "the farm was ended while it ran",
                                 .point = {}};
    if (!state_.end_turn(turn, outcome)) return false;
    std::error_code ignored;
    fs::remove(path, ignored);
  }
  return std::ranges::all_of(nights_, [this](const LaneNight& lane) { return state_.save(lane); });
}

std::uint64_t Turns::seconds_left() const {
  const auto used = static_cast<std::uint64_t>(night_.milliseconds / 1000);
  return farm_.seconds == 0 ? UINT64_MAX : farm_.seconds - std::min(used, farm_.seconds);
}

// Every lane is to have a turn: where the night is short turns are shorter.
std::uint64_t Turns::seconds_of_turn() const {
  const std::uint64_t left = seconds_left();
  std::uint64_t seconds = std::min(farm_.slice, left);
  const std::size_t waiting = schedule_.num_waiting();
  if (farm_.seconds != 0 && waiting != 0) seconds = std::min(seconds, left * farm_.jobs / waiting);
  return std::max<std::uint64_t>(1, seconds);
}

Turns::End Turns::run(const std::function<bool()>& each_second) {
  const auto before = night_.milliseconds;
  const auto begun = Clock::now();
  auto told = begun;
  while (true) {
    night_.milliseconds = before + std::chrono::duration_cast<milliseconds>(Clock::now() - begun).count();
    if (!is_interrupted_ && !fill()) return End::state_lost;
    if (running_.empty()) break;
    for (std::size_t i = 0; i < running_.size();) {
      Running& running = *running_[i];
      // It has clocks of its own; one that does not keep them is ended.
      constexpr std::chrono::minutes kGrace{10};
      const bool is_late =
          running.seconds != 0 && Clock::now() - running.begun > std::chrono::seconds(running.seconds) + kGrace;
      if (!running.campaign.has_ended(milliseconds(1)) && !is_late) {
        ++i;
        continue;
      }
      if (!finish(running)) return End::state_lost;
      running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (const auto now = Clock::now(); now - told >= std::chrono::seconds(1)) {
      told = now;
      if (!state_.save(night_)) return End::state_lost;
      if (!each_second() && !is_interrupted_) {
        is_interrupted_ = true;
        for (const auto& running : running_) running->campaign.interrupt();
      }
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
  return is_interrupted_ ? End::interrupted : End::done;
}

// A lane that has had no turn gets one, even where making content to begin with has taken the time of all.
bool Turns::fill() {
  while (running_.size() < farm_.jobs && (seconds_left() > 0 || schedule_.num_waiting() > 0)) {
    const auto lane = schedule_.next();
    if (!lane) return true;
    if (!start(*lane)) return false;
  }
  return true;
}

bool Turns::start(std::size_t at) {
  const Lane& lane = lanes_.all()[at];
  see_corpus(at);
  auto running = std::make_unique<Running>();
  running->lane = at;
  running->begun = Clock::now();
  running->seconds = farm_.runs != 0 ? 0 : seconds_of_turn();
  Turn& turn = running->turn;
  turn.target = lane.target.name;
  turn.build = lane.build;
  turn.seed = seed_of(farm_.seed, folders_.worker, night_.number, night_.turns + 1);
  if (!state_.begin_turn(night_, turn)) return false;
  running->summary = folders_.summary(turn.night, turn.number);
  const std::uint64_t runs = lane.target.runs != 0 ? lane.target.runs : farm_.runs;
  running->charged = schedule_.begin(at, static_cast<double>(runs != 0 ? runs : running->seconds));
  run::CampaignOptions options = lane.campaign;
  options.summary = running->summary;
  options.seed = static_cast<std::uint64_t>(turn.seed);
  options.runs = runs;
  options.seconds = running->seconds;
  options.tells_often = true;
  // They would be the same inputs in each.
  options.skips_stage = nights_[at].turns != 0;
  std::string problem;
  const std::string program = run::program_beside("SLUICE_FUZZ", "sluice-fuzz");
  if (!running->campaign.start(program, options, problem)) return fail(*running, problem);
  running_.push_back(std::move(running));
  return true;
}

// What somebody has removed is begun again, from the seeds; that is said.
void Turns::see_corpus(std::size_t at) {
  const std::string& folder = lanes_.all()[at].campaign.corpus;
  std::error_code error;
  const bool was_there = std::ranges::any_of(
      nights_, [&](const LaneNight& of) { return of.target == nights_[at].target && of.corpus != 0; });
  if (was_there && !fs::exists(folder, error)) {
    tell_(fmt::format("{}: its corpus {} is not there any more: it is begun again", nights_[at].target, folder));
  }
}

bool Turns::finish(Running& running) {
  std::string problem;
  const auto summary = running.campaign.finish(problem);
  if (!summary) return fail(running, problem);
  if (!summary->problem.empty()) return fail(running, summary->problem);
  if (summary->executions == 0 && !is_interrupted_) return fail(running, "nothing was executed");
  const Lane& lane = lanes_.all()[running.lane];
  LaneNight& of = nights_[running.lane];
  // One that somebody else ended early is done for its part.
  const bool is_done = !is_interrupted_;
  const std::int64_t covered = std::max(of.blocks_covered, signed_of(summary->blocks_of_seeds));
  add_figures(*summary, is_done, std::time(nullptr), of);
  failures_[running.lane] = 0;
  if (is_done) {
    const double cost = farm_.runs != 0 ? static_cast<double>(summary->executions) : summary->seconds;
    const auto blocks = static_cast<std::uint64_t>(std::max<std::int64_t>(0, of.blocks_covered - covered));
    schedule_.end(running.lane, running.charged, cost, blocks, summary->corpus_new);
  } else {
    schedule_.fail(running.lane, running.charged);
  }
  const Schedule::Lane& scheduled = schedule_.lanes()[running.lane];
  of.used = static_cast<std::int64_t>(scheduled.used * kMillion);
  of.growth = static_cast<std::int64_t>(scheduled.growth * kMillion);
  note_faults(lane, *summary);
  const State::Outcome outcome{
      .lane = of,
      .executions = signed_of(summary->executions),
      .milliseconds = static_cast<std::int64_t>(summary->seconds * 1000),
      .problem = is_done ? "" : "the farm was asked to end",
      .point = Point{of.executions, of.milliseconds, of.blocks_covered, of.corpus},
      .dark = summary->operators_not_told.empty() && summary->expressible != 0 ? &summary->dark : nullptr};
  if (!state_.end_turn(running.turn, outcome) || !faults_.is_kept()) return false;
  std::error_code ignored;
  fs::remove(running.summary, ignored);
  return true;
}

bool Turns::fail(Running& running, const std::string& reason) {
  const Lane& lane = lanes_.all()[running.lane];
  LaneNight& of = nights_[running.lane];
  std::string ignored;
  const auto summary = run::read_summary(running.summary, ignored);
  if (summary) add_figures(*summary, false, std::time(nullptr), of);
  schedule_.fail(running.lane, running.charged);
  if (!is_interrupted_) {
    ++of.failures;
    const bool is_last = ++failures_[running.lane] >= kMostFailures;
    tell_(fmt::format("{}: {}: {}", lane.name(), reason,
                      is_last ? "it has failed three times in a row and is left out" : "it is started again"));
    if (is_last) {
      of.problem = reason;
      schedule_.leave_out(running.lane);
    }
  }
  const State::Outcome outcome{.lane = of,
                               .executions = summary ? signed_of(summary->executions) : 0,
                               .milliseconds = summary ? static_cast<std::int64_t>(summary->seconds * 1000) : 0,
                               .problem = reason,
                               .point = {}};
  if (!state_.end_turn(running.turn, outcome)) return false;
  std::error_code error;
  fs::remove(running.summary, error);
  return true;
}

void Turns::note_faults(const Lane& lane, const run::CampaignSummary& summary) {
  bool are_known = true;
  for (const run::CampaignFault& fault : summary.faults) {
    are_known = faults_.see(lane.target.name, fault.identity) && are_known;
  }
  std::string problem;
  if (!are_known && !faults_.take(lane.target.name, problem)) tell_(lane.target.name + ": " + problem);
}

}  // namespace sluice::farm
