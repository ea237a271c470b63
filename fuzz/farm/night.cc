#include "fuzz/farm/night.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "fuzz/farm/metrics.h"
#include "fuzz/farm/page.h"
#include "fuzz/farm/summary.h"
#include "fuzz/farm/triage.h"
#include "fuzz/farm/workers.h"
#include "validator/bytes/new_file.h"

namespace sluice::farm {

namespace {

namespace fs = std::filesystem;

void say(const std::string& sentence) {
  fmt::print(stderr, "sluice farm: {}\n", printable(sentence, 2000, Quotes::keep));
}

// Two farms of one name on one machine would write to one state. Between machines names are different, and nothing is
// locked.
class NameLock {
 public:
  explicit NameLock(const std::string& path) : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {}
  ~NameLock() {
    if (file_ >= 0) ::close(file_);
  }
  NameLock(const NameLock&) = delete;
  NameLock& operator=(const NameLock&) = delete;
  // A file system that has no locks has none to lose.
  [[nodiscard]] bool is_taken() const {
    return file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  }

 private:
  int file_;
};

bool make(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return true;
  say(fmt::format("{}: {}", folder, error.message()));
  return false;
}

}  // namespace

void NightRun::tell(const std::string& sentence) {
  say(sentence);
  (void)state_->tell(night_.number, sentence);
}

Code NightRun::lose_state() {
  for (const std::string& message : state_->messages()) say(message);
  say("what is found can no more be written down: it ends here, and the next start goes on");
  return Code::trouble;
}

Code NightRun::run() {
  if (!make(folders_.states()) || !make(folders_.turns())) return Code::trouble;
  const NameLock lock(folders_.lock());
  if (lock.is_taken()) {
    say(fmt::format("worker {} runs already in {}: another one needs a name of its own (--worker)", folders_.worker,
                    folders_.root));
    return Code::trouble;
  }
  State state(folders_.state());
  state_ = &state;
  const auto night = state.is_good() ? state.begin_night(std::time(nullptr)) : std::nullopt;
  for (const std::string& message : state.messages()) say(message);
  if (!night) return Code::trouble;
  night_ = *night;
  const Lanes lanes(farm_, folders_);
  for (const std::string& problem : lanes.problems()) tell(problem);
  for (const Lane& lane : lanes.all()) {
    if (!lane.problem.empty()) tell(fmt::format("{}: {}", lane.name(), lane.problem));
  }
  has_trouble_ = !lanes.problems().empty() || lanes.all().empty();

  Faults faults(folders_, state, night_);
  faults.load();
  Turns turns(farm_, lanes, folders_, state, night_, faults, [this](const std::string& s) { tell(s); });
  if (!turns.close_open_turns()) return lose_state();
  take_all(faults);
  if (night_.phase == Night::Phase::regressions) {
    if (replay(lanes, faults)) night_.phase = Night::Phase::turns;
    if (!faults.is_kept() || !state.save(night_)) return lose_state();
  }
  if (night_.phase == Night::Phase::turns) {
    const auto end = turns.run([this] {
      write_metrics();
      return !is_asked_to_end_();
    });
    if (end == Turns::End::state_lost) return lose_state();
    if (end == Turns::End::done) {
      tell_of_lanes(turns.lanes());
      night_.phase = Night::Phase::triage;
    }
    if (!state.save(night_)) return lose_state();
  }
  // Before the corpora: for this somebody waits.
  if (night_.phase == Night::Phase::triage) {
    take_all(faults);
    if (triage(lanes, faults)) night_.phase = Night::Phase::merging;
    if (!faults.is_kept() || !state.save(night_)) return lose_state();
  }
  if (night_.phase == Night::Phase::merging && merge(lanes)) night_.phase = Night::Phase::ended;
  if (night_.phase != Night::Phase::ended) {
    say("it was asked to end: the next start goes on with this night");
    has_trouble_ = true;
  }
  take_all(faults);
  if (!faults.is_kept()) return lose_state();
  const bool is_new = faults.num_new() + faults.num_returned() != 0;
  has_trouble_ = has_trouble_ || std::ranges::any_of(turns.lanes(), [](const LaneNight& lane) {
                   return !lane.problem.empty() || lane.turns == 0;
                 });
  const Code code = is_new ? Code::new_faults : has_trouble_ ? Code::trouble : Code::nothing_new;
  if (night_.phase == Night::Phase::ended) night_.code = static_cast<std::int64_t>(code);
  if (!state.save(night_)) return lose_state();
  return finish(code, lanes);
}

void NightRun::take_all(Faults& faults) {
  for (const Target& target : farm_.targets) {
    std::string problem;
    if (!faults.take(target.name, problem)) tell(target.name + ": " + problem);
  }
}

bool NightRun::replay(const Lanes& lanes, Faults& faults) {
  TriageProgram program(folders_, farm_.jobs, is_asked_to_end_);
  for (const Target& target : farm_.targets) {
    const std::vector<const Lane*> all = lanes.of(target);
    std::string problem;
    const bool is_done = all.empty() || faults.replay(all, on_all_builds(all), program, problem);
    if (is_asked_to_end_()) return false;
    if (is_done) continue;
    tell(fmt::format("{}: known faults could not be run again: {}", target.name, problem));
    has_trouble_ = true;
  }
  return true;
}

bool NightRun::triage(const Lanes& lanes, Faults& faults) {
  TriageProgram program(folders_, farm_.jobs, is_asked_to_end_);
  for (const Target& target : farm_.targets) {
    const std::vector<const Lane*> all = lanes.of(target);
    if (all.empty()) continue;
    const run::CampaignOptions campaign = on_all_builds(all);
    const std::function<void(const std::string&)> tells = [this](const std::string& sentence) { tell(sentence); };
    // Content that takes too long is run some sixty times, and takes this long each time.
    const auto calls = std::chrono::ceil<std::chrono::seconds>(60 * std::chrono::milliseconds(campaign.timeout_ms));
    const TriageLimit limit{.for_each = std::chrono::seconds(60) + calls};
    const auto end = Triage(folders_, night_, faults, program, target.name, campaign, tells).run(limit);
    if (end == Triage::End::asked || is_asked_to_end_()) return false;
    has_trouble_ = has_trouble_ || end == Triage::End::failed;
  }
  std::error_code ignored;
  fs::remove_all(folders_.scratch(), ignored);
  return true;
}

// A target whose lanes all had nothing to do has nothing to merge.
bool NightRun::merge(const Lanes& lanes) {
  for (const Target& target : farm_.targets) {
    if (is_asked_to_end_()) return false;
    if (!lanes.of(target).empty() && !merge(target, lanes)) return false;
  }
  return true;
}

bool NightRun::merge(const Target& target, const Lanes& lanes) {
  const std::vector<const Lane*> all = lanes.of(target);
  run::CampaignOptions options = on_all_builds(all);
  options.summary = folders_.turns() + "/merge-" + target.name + ".json";
  options.seeds.clear();
  options.merges = true;
  run::Campaign campaign;
  std::string problem;
  if (campaign.start(run::program_beside("SLUICE_FUZZ", "sluice-fuzz"), options, problem)) {
    while (!campaign.has_ended(std::chrono::milliseconds(200))) {
      if (!is_asked_to_end_()) continue;
      campaign.interrupt();
      (void)campaign.finish(problem);
      return false;
    }
    const auto summary = campaign.finish(problem);
    if (summary && summary->was_interrupted) problem = "it was interrupted";
    if (summary && problem.empty()) problem = summary->problem;
    if (summary && problem.empty() && !keep_slow(target.name, *summary)) has_trouble_ = true;
  }
  std::error_code ignored;
  fs::remove(options.summary, ignored);
  if (problem.empty()) return true;
  tell(fmt::format("{}: its corpus could not be made small: {}", target.name, problem));
  has_trouble_ = true;
  return true;
}

bool NightRun::keep_slow(const std::string& target, const run::CampaignSummary& summary) {
  std::vector<SlowRecord> slow;
  const auto number = [](std::uint64_t value) {
    return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX));
  };
  for (const run::SlowContent& one : summary.slowest) {
    slow.push_back({target, one.build, one.name, night_.number, number(one.microseconds), number(one.usual)});
  }
  return state_->save_slow(target, slow);
}

// What a person should know of lanes that did run.
void NightRun::tell_of_lanes(const std::vector<LaneNight>& lanes) {
  for (const LaneNight& lane : lanes) {
    const std::string name = lane.target + " " + lane.build;
    if (lane.turns == 0 && lane.problem.empty()) tell(name + ": it had no turn: the night was too short");
    if (lane.executions == 0) continue;
    if (lane.faulted == lane.executions) {
      tell(name + ": every input faults: nothing is learnt behind that fault");
    } else if (lane.accepted == 0) {
      tell(name + ": the driver has accepted no content");
    }
    if (lane.blocks_covered == 0) tell(name + ": no coverage is seen: it is fuzzed blindly");
  }
}

void NightRun::write_metrics() {
  if (options_.metrics.empty()) return;
  std::string problem;
  if (!bytes::write_file(options_.metrics, metrics_text(farm_.name, state_->records(folders_.worker)), problem)) {
    say(problem);
    has_trouble_ = true;
  }
}

Code NightRun::finish(Code code, const Lanes& lanes) {
  write_metrics();
  Morning morning{.farm = farm_.name, .records = state_->records(folders_.worker), .code = static_cast<int>(code)};
  const Records& records = morning.records;
  morning.next = next_steps(farm_.file, farm_.folder, documents_of(lanes), records);
  const auto write = [&](const std::string& file, const std::string& text) {
    std::string problem;
    if (bytes::write_file(file, text, problem)) return;
    say(problem);
    if (code == Code::nothing_new) code = Code::trouble;
  };
  if (!options_.summary.empty()) write(options_.summary, summary_json(morning));
  if (!options_.html.empty()) {
    state_->add_courses(morning.records);
    morning.others = others_of(folders_);
    write(options_.html,
          page_html(morning, {.file = options_.html, .folder = farm_.folder, .tool_version = SLUICE_VERSION}));
  }
  fmt::print("farm {}, night {} of {}, {} s\n\n{}", farm_.name, records.night.number, records.worker,
             records.night.milliseconds / 1000, summary_text(morning));
  for (const std::string& message : state_->messages()) say(message);
  return code;
}

}  // namespace sluice::farm
