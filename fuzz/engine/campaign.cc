#include "fuzz/engine/campaign.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "fuzz/engine/blame.h"
#include "fuzz/engine/blame_search.h"
#include "fuzz/engine/drift.h"
#include "fuzz/engine/gate.h"
#include "fuzz/engine/summary.h"
#include "fuzz/mutate/generate.h"

namespace sluice::engine {

namespace {

constexpr auto kKeepEvery = std::chrono::milliseconds(500);
constexpr auto kShowEvery = std::chrono::milliseconds(500);
constexpr auto kSampleEvery = std::chrono::milliseconds(200);
constexpr std::uint32_t kMostRestarts = 10'000;

sigset_t awaited() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

std::string shown(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

}  // namespace

void Campaign::say(const std::string& sentence) {
  end_status();
  fmt::print(stderr, "sluice fuzz: {}\n", sentence);
}

int Campaign::run() {
  const sigset_t signals = awaited();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  if (!prepare()) return finish(false);
  begin_ = shown_ = kept_ = sampled_ = told_ = Clock::now();
  bool is_good = true;
  for (const auto& job : jobs_) is_good = is_good && start(*job);
  while (is_good && !is_over()) {
    wait_a_moment();
    is_good = look();
  }
  stop();
  return finish(is_good);
}

bool Campaign::prepare() {
  if (!corpus_.open(options_.corpus, problem_) || !reports_.open(problem_)) return false;
  const auto tell = [this](const std::string& sentence) { say(sentence); };
  if (!corpus_.take_seeds(options_.seeds, options_.max_len, tell, problem_)) return false;
  if (corpus_.num_seeds() == 0 && !make_seeds()) return false;
  for (const BuildOptions& build : options_.builds) {
    for (std::uint64_t i = 0; i < options_.jobs; ++i) {
      jobs_.push_back(std::make_unique<Job>(options_, build, jobs_.size()));
    }
  }
  return true;
}

// Where there is nothing to begin with: files that are valid for the build of the driver that supplies most, whether or
// not it is fuzzed. What is right for one build and not for another is what goes wrong in the field. What escapes is
// right for the build that it escapes from: of those that are fuzzed.
bool Campaign::make_seeds() {
  constexpr std::uint64_t kCount = 16;
  const auto longest = static_cast<std::uint32_t>(corpus_.max_len());
  std::string why;
  const auto all = load_format(options_, "", why);
  if (all == nullptr || all->builds().empty()) return true;
  const auto supplied = [](const program::BuildFacts& facts) {
    Integer sum = 0;
    for (const auto& [type, count] : facts.supplies) sum += count;
    return sum;
  };
  std::vector<program::BuildFacts> choice = all->builds();
  if (options_.property == Property::escape) {
    std::erase_if(choice, [&](const program::BuildFacts& facts) {
      return std::ranges::find(options_.builds, facts.name, &BuildOptions::name) == options_.builds.end();
    });
  }
  const auto best = std::ranges::max_element(choice, {}, supplied);
  const auto format = best != choice.end() ? load_format(options_, best->name, why) : nullptr;
  if (format == nullptr) return true;
  mutate::Generator generator(*format, {.seed = options_.seed, .count = kCount, .max_size = longest});
  for (std::uint64_t k = 0; k < kCount; ++k) {
    const auto content = generator.next();
    if (!content) break;
    if (!corpus_.add_seed(*content, problem_)) return false;
  }
  if (corpus_.num_seeds() == 0) say("no seeds, and none could be made: " + generator.why());
  return true;
}

ChildPlan Campaign::plan_for(const std::string& log) const {
  return {.folder = corpus_.out(),
          .seeds = corpus_.seeds(),
          .seed_list = corpus_.seed_list(),
          .log = (corpus_.work() / log).string(),
          .runs = options_.runs,
          .max_len = corpus_.max_len(),
          .reloads = jobs_.size() > 1,
          .property = options_.property,
          .inputs_per_fault = options_.inputs_per_fault,
          .blamed = {}};
}

bool Campaign::start(Job& job) {
  ChildPlan plan = plan_for("log-" + std::to_string(job.number()));
  plan.seed = static_cast<std::uint32_t>(options_.seed + job.number());
  plan.has_stage =
      job.number() % options_.jobs == 0 && options_.skips_stage == 0 && options_.property != Property::drift;
  return job.start(plan, problem_);
}

bool Campaign::is_over() const {
  if (is_interrupted_) return true;
  if (options_.seconds != 0 && Clock::now() - begin_ >= std::chrono::seconds(options_.seconds)) return true;
  if (options_.max_faults != 0 && reports_.all().size() >= options_.max_faults) return true;
  return std::ranges::none_of(jobs_, [](const auto& job) { return job->is_running(); });
}

void Campaign::wait_a_moment() {
  const sigset_t signals = awaited();
  const timespec moment{.tv_sec = 0, .tv_nsec = 100'000'000};
  const int signal = ::sigtimedwait(&signals, nullptr, &moment);
  if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP) is_interrupted_ = true;
}

// Whoever interrupts does not want to wait for what a further campaign can make.
void Campaign::finish_reports() {
  constexpr auto kPatience = std::chrono::seconds(2);
  auto until = Clock::time_point::max();
  while (!reports_.look()) {
    if (is_interrupted_) until = std::min(until, Clock::now() + kPatience);
    if (Clock::now() >= until) {
      say(fmt::format("{} reports are not made: another campaign with these folders makes them", reports_.give_up()));
      return;
    }
    wait_a_moment();
  }
  if (reports_.num_failed() != 0) say(fmt::format("{} reports could not be made", reports_.num_failed()));
}

// What is found while they end is taken too.
void Campaign::stop() {
  constexpr auto kPatience = std::chrono::seconds(2);
  for (const auto& job : jobs_) job->ask_to_stop();
  const auto until = Clock::now() + kPatience;
  while (std::ranges::any_of(jobs_, [](const auto& job) { return job->is_running(); }) && Clock::now() < until) {
    for (const auto& job : jobs_) job->look();
    const timespec moment{.tv_sec = 0, .tv_nsec = 5'000'000};
    ::nanosleep(&moment, nullptr);
  }
  for (const auto& job : jobs_) job->kill();
}

bool Campaign::look() {
  for (const auto& job : jobs_) {
    auto ended = job->look();
    if (!take_faults(*job)) return false;
    if (ended && !take_end(*job, *ended)) return false;
    if (job->state() == Job::State::cannot) {
      problem_ = fmt::format("build {}: {}", job->build().name, job->problem());
      return false;
    }
  }
  (void)reports_.look();
  const auto now = Clock::now();
  if (now - kept_ >= kKeepEvery) {
    kept_ = now;
    if (!corpus_.keep_found(false, problem_) || !take_drift()) return false;
  }
  if (now - sampled_ >= kSampleEvery) {
    sampled_ = now;
    progress_.add(progress_point());
  }
  if (options_.tell_every != 0 && now - told_ >= std::chrono::seconds(options_.tell_every)) {
    told_ = now;
    if (!write_summary("", Moment::running)) return false;
  }
  if (now - shown_ >= kShowEvery) {
    shown_ = now;
    show_status();
  }
  return true;
}

bool Campaign::take_faults(Job& job) {
  while (const auto found = job.next_fault()) {
    if (options_.property == Property::escape && !found->is_escape) continue;
    const Fault& fault = found->fault;
    Known known{
        .identity = fmt::format("{}-{}{}", job.build().name, found->is_escape ? "escape-" : "", identity_of(fault)),
        .build = job.build().name,
        .sentence = sentence_of(fault),
        .id = finding_id_of(fault),
        .execution = found->execution,
        .job = job.number(),
        .is_escape = found->is_escape,
        .file = {}};
    const auto search =
        std::make_shared<BlameSearch>(options_, job.build(), plan_for("log-blame"), found->input, fault);
    if (!tell(std::move(known), found->input, found->recipe, [search] { return search->look(); })) return false;
  }
  return true;
}

bool Campaign::take_end(Job& job, const Job::Ended& ended) {
  if (ended.kind.empty()) {
    say(fmt::format("build {}: an input took long to be made: started again", job.build().name));
  } else if (!tell_end(job, ended)) {
    return false;
  }
  if (job.restarts() >= kMostRestarts) {
    problem_ = "the target ended " + shown(kMostRestarts) + " times";
    return false;
  }
  return is_interrupted_ || start(job);
}

bool Campaign::tell_end(const Job& job, const Job::Ended& ended) {
  const bool is_escape = passes_gate(*job.build().format, ended.input);
  Known known{.identity = fmt::format("{}-{}{}", job.build().name, is_escape ? "escape-" : "", ended.kind),
              .build = job.build().name,
              .sentence = "the target did not come back: " + ended.kind,
              .id = finding_id_of(ended.kind),
              .execution = ended.execution,
              .job = job.number(),
              .is_escape = is_escape,
              .file = {}};
  const bool is_told = options_.property == Property::fault || (is_escape && options_.property == Property::escape);
  const auto blame = [&format = *job.build().format, input = ended.input] {
    return std::optional(refused_field(format, input));
  };
  if (is_told && !tell(std::move(known), ended.input, "", blame)) return false;
  // Otherwise the next one would end on it too.
  corpus_.forget(ended.input);
  return true;
}

// On content that is in the corpus: what has nothing new in it is not worth the time that two workers take.
bool Campaign::take_drift() {
  if (options_.property != Property::drift) return true;
  std::vector<Drift> all;
  if (!find_drift(options_, corpus_.take_news(), corpus_.work(), all, problem_)) return false;
  for (const Drift& drift : all) {
    std::vector<std::uint8_t> input;
    std::string gone;
    if (!read_whole(drift.file, kMaxInput, input, gone)) continue;
    Known known{.identity = fmt::format("{}-drift-{}", drift.build, drift.place),
                .build = drift.build,
                .sentence = drift.sentence,
                .execution = totals().executions,
                .is_drift = true,
                .file = {}};
    if (!tell(std::move(known), input, "")) return false;
  }
  return true;
}

bool Campaign::tell(Known known, std::span<const std::uint8_t> input, std::string_view recipe, FindBlame find_blame) {
  bool good = true;
  const Known* told = reports_.add(std::move(known), input, recipe, std::move(find_blame), good, problem_);
  if (told != nullptr) {
    const char* kind = told->is_escape ? "escape" : told->is_drift ? "drift" : "fault";
    say(fmt::format("{} {}: {} (build {}, execution {}{})", kind, told->identity, told->sentence, told->build,
                    shown(told->execution), told->was_there ? ", known from before" : ""));
  }
  return good;
}

Totals Campaign::totals() {
  Totals totals;
  totals.seconds = std::chrono::duration<double>((end_ == Clock::time_point{} ? Clock::now() : end_) - begin_).count();
  for (const auto& job : jobs_) {
    totals.restarts += job->restarts();
    Shared& shared = job->shared();
    totals.executions += shared.executions;
    totals.deterministic += shared.stage.executed;
    totals.faulted += shared.faulted;
    totals.accepted += shared.accepted;
    totals.last_new = std::max<std::uint64_t>(totals.last_new, shared.last_new);
    totals.dark = std::min<std::uint32_t>(totals.dark, shared.dark == 0 ? UINT32_MAX : shared.dark - 1);
    if (shared.blocks_covered >= totals.blocks_covered) {
      totals.blocks_covered = shared.blocks_covered;
      totals.blocks_of_seeds = shared.blocks_of_seeds;
      totals.blocks_reachable = shared.blocks_reachable;
      totals.blocks = shared.blocks;
    }
  }
  return totals;
}

std::vector<Operators> Campaign::operators() {
  std::vector<Operators> operators;
  for (const BuildOptions& build : options_.builds) operators.push_back(operators_of(build, jobs_));
  return operators;
}

bool Campaign::write_summary(const std::string& problem, Moment moment) {
  Totals now = totals();
  now.progress = progress_.points();
  const std::string text = summary_json(options_, now, operators(), corpus_, reports_.all(), problem, moment);
  std::string reason;
  if (write_whole(options_.summary, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, reason)) {
    return true;
  }
  if (problem_.empty()) problem_ = reason;
  return false;
}

ProgressPoint Campaign::progress_point() {
  const Totals now = totals();
  return {now.executions, now.blocks_covered, corpus_.num_seeds() + corpus_.num_new()};
}

void Campaign::show_status() {
  if (::isatty(STDERR_FILENO) == 0) return;
  const Totals now = totals();
  fmt::print(stderr,
             "\r\x1b[K{} executions, {}/s, {} of {} blocks ({} by seeds), corpus {} (+{}), {} faults, last new at {}",
             shown(now.executions), shown(static_cast<std::uint64_t>(now.rate())), now.blocks_covered,
             now.blocks_reachable, now.blocks_of_seeds, corpus_.num_seeds() + corpus_.num_new(), corpus_.num_new(),
             reports_.all().size(), shown(now.last_new));
  std::fflush(stderr);
  has_status_ = true;
}

void Campaign::end_status() {
  if (has_status_) fmt::print(stderr, "\r\x1b[K");
  has_status_ = false;
}

int Campaign::finish(bool is_good) {
  for (const auto& job : jobs_) {
    if (is_good) is_good = take_faults(*job);
  }
  std::string problem;
  if (!jobs_.empty() && !corpus_.keep_found(true, problem) && is_good) {
    problem_ = problem;
    is_good = false;
  }
  if (!jobs_.empty() && is_good) is_good = take_drift();
  end_status();
  if (jobs_.empty() || begin_ == Clock::time_point{}) {
    say(problem_);
    return 2;
  }
  end_ = Clock::now();
  if (is_good && totals().executions == 0) {
    problem_ = "nothing was executed";
    is_good = false;
  }
  progress_.end(progress_point());
  finish_reports();
  const Moment moment = is_interrupted_ ? Moment::interrupted : Moment::ended;
  if (!options_.summary.empty() && !write_summary(is_good ? "" : problem_, moment)) {
    is_good = false;
  }
  if (!is_good && !problem_.empty()) say(problem_);
  fmt::print("{}", summary_text(totals(), operators(), corpus_, reports_.all(), is_good));
  if (!is_good) return 2;
  return reports_.all().empty() ? 0 : 1;
}

}  // namespace sluice::engine
