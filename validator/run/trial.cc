#include "validator/run/trial.h"

#include <fmt/format.h>

#include "validator/run/final_events.h"

namespace sluice::run {

void Trial::look(const Court& court) {
  if (court.tree == nullptr) return;
  program::Session session(*court.tree, content(), court.limits);
  // What could be read before a mistake of the content is as good as any.
  (void)session.read();
  uses_ = find_uses(session, *court.plan, content());
  for (const Instance& instance : uses_.instances) criteria_ += instance.criteria.size();
}

bool Trial::prepare(const Court& court, Findings& findings) {
  accepted_.assign(court.builds.size(), false);
  if (!open()) {
    add(findings, Finding::of(FindingId::input_unreadable).with("reason", content_.reason()), "");
    return false;
  }
  look(court);
  if (court.check == nullptr) return true;
  Findings judged(court.limits.findings);
  (void)program::check(*court.check, content(), court.limits, file_, judged);
  for (std::size_t i = 0; i < court.builds.size(); ++i) {
    const Findings::Tally tally = judged.tally_of(court.driver.builds[court.builds[i]].facts.name);
    accepted_[i] = !tally.no_verdict && (!tally.worst || *tally.worst < Severity::error);
  }
  return true;
}

std::optional<Coverage> Trial::run(const Court& court, std::size_t place, Findings& findings) {
  const std::string& build = court.driver.builds[court.builds[place]].facts.name;
  if (!court.no_target[place].empty()) {
    add(findings, Finding::of(FindingId::no_target).with("reason", court.no_target[place]), build);
    return std::nullopt;
  }
  std::string problem;
  bool is_unusable = false;
  auto worker = court.pool.take(place, problem, is_unusable);
  if (worker == nullptr) {
    const FindingId id = is_unusable ? FindingId::target_unusable : FindingId::worker_failed;
    add(findings, Finding::of(id).with("reason", printable(problem, 300, Quotes::keep)), build);
    return std::nullopt;
  }
  Outcome outcome;
  std::optional<Coverage> coverage;
  run_on(court, place, *worker, outcome, findings, coverage);
  if (outcome.problem.empty()) {
    court.pool.give_back(place, std::move(worker));
  } else {
    court.pool.failed(place);
  }
  look_for_change(findings, build);
  return coverage;
}

void Trial::run_on(const Court& court, std::size_t place, Worker& worker, Outcome& outcome, Findings& findings,
                   std::optional<Coverage>& coverage) const {
  const std::size_t build = court.builds[place];
  const program::BuildFacts& facts = court.driver.builds[build].facts;
  const Shapes shapes(worker.hello().types, facts, uses_);
  Values own;
  Values& values = own;
  Content request{.bytes = content(), .name = file_, .supplies = supplies(court, build, shapes)};
  const Values& used = court.events != nullptr ? court.events->values : own;
  Evaluation evaluation(worker, request, used, criteria_, outcome);
  Ledger ledger;
  if (court.replicas[place] != 0) ledger.follow(evaluation);
  bool had_events = true;
  if (const auto failure = court.measurements.failure(build, number_)) {
    outcome.problem = *failure;
  } else if (evaluation.ask({}, {.sealed = true})) {
    // Sealed once: a driver that writes to the content would be looked at for nothing else.
    had_events = ask(court, worker.hello(), shapes, values, evaluation, outcome);
  }
  std::optional<Drift> drift;
  if (court.replicas[place] != 0 && outcome.problem.empty() && !outcome.is_unusable()) {
    drift = compare(court, place, ledger, request, used, outcome, findings);
  }
  const Told told{.file = file_,
                  .build = facts.name,
                  .target = court.pool.files(place).driver(),
                  .uses = uses_,
                  .shapes = shapes,
                  .values = used,
                  .symbolizer = court.symbolizer,
                  .is_accepted = accepted_[place],
                  .is_replica = court.pool.files(place).image.empty(),
                  .asks_coverage = court.events == nullptr,
                  .drift = std::move(drift),
                  .blame = court.blame != nullptr && court.blame->bytes.end <= content().size() ? court.blame : nullptr,
                  .seen = court.seen};
  for (Finding& finding : tell(outcome, told)) findings.add(std::move(finding));
  if (!had_events && outcome.problem.empty()) {
    const char* reason = court.plan == nullptr
                             ? "no rules say by `uses` what events come to, and the target does not describe itself"
                             : "the schema finds no instance in it, and the target does not describe itself";
    add(findings, Finding::of(FindingId::only_loaded).with("reason", reason), facts.name);
  }
  if (court.plan != nullptr) coverage = coverage_of(outcome, uses_);
}

std::optional<Drift> Trial::compare(const Court& court, std::size_t place, const Ledger& ledger, Content& content,
                                    const Values& values, const Outcome& outcome, Findings& findings) const {
  const std::size_t replica = court.replicas[place];
  const std::string& build = court.driver.builds[court.builds[place]].facts.name;
  std::string problem;
  bool is_unusable = false;
  auto worker = court.pool.take(replica, problem, is_unusable);
  if (is_unusable) {
    add(findings, Finding::of(FindingId::target_unusable).with("reason", "the replica " + problem), build);
    return std::nullopt;
  }
  std::optional<Drift> drift;
  if (worker != nullptr) drift = ledger.compare(outcome, *worker, content, values, criteria_, problem);
  if (problem.empty()) {
    court.pool.give_back(replica, std::move(worker));
    return drift;
  }
  if (worker != nullptr) court.pool.failed(replica);
  const std::string reason = "of the replica: " + printable(problem, 300, Quotes::keep);
  add(findings, Finding::of(FindingId::worker_failed).with("reason", reason), build);
  return std::nullopt;
}

std::set<std::uint32_t> Trial::active_types() const {
  std::set<std::uint32_t> types;
  for (const Instance& instance : uses_.instances) {
    const auto type = instance.type ? event_type(*instance.type) : std::nullopt;
    if (type && instance.is_active) types.insert(*type);
  }
  return types;
}

// What goes wrong with the worker is told when the file is run; but not what only measuring does.
void Trial::measure(const Court& court, std::size_t place) const {
  const std::size_t build = court.builds[place];
  std::set<std::uint32_t> types = active_types();
  std::erase_if(types, [&](std::uint32_t type) { return !court.measurements.is_wanted(build, type, number_); });
  if (types.empty() || !court.no_target[place].empty()) return;
  std::string problem;
  bool is_unusable = false;
  auto worker = court.pool.take(place, problem, is_unusable);
  if (worker == nullptr) return;
  const Content request{.bytes = content(), .name = file_, .supplies = {}};
  const auto loaded = worker->run(request, {}, {}, {.trace = false, .poisons = 1, .leaks = false}, problem);
  if (loaded && !loaded->fault && loaded->load && loaded->load->status == 0) {
    measure_types(court, build, *worker, types);
    if (court.measurements.failure(build, number_)) return court.pool.failed(place);
  }
  if (loaded) court.pool.give_back(place, std::move(worker));
}

void Trial::measure_types(const Court& court, std::size_t build, Worker& worker,
                          const std::set<std::uint32_t>& types) const {
  const Shapes shapes(worker.hello().types, court.driver.builds[build].facts, uses_);
  const Content request{.bytes = content(), .name = file_, .supplies = {}};
  for (const std::uint32_t type : types) {
    const Shape* shape = shapes.find(type);
    if (shape == nullptr) continue;
    Values values;
    std::string problem;
    const Event event = plain_event(type, *shape, values);
    const auto answer = worker.measure(request, event, values, problem);
    if (!answer) return court.measurements.fail(build, type, number_, std::move(problem));
    if (answer->count) court.measurements.add(build, type, number_, {*answer->count, answer->certain});
  }
}

// As measured, or as claimed; of the types that events are made of, and no more than a worker takes.
std::map<Integer, Integer> Trial::supplies(const Court& court, std::size_t build, const Shapes& shapes) const {
  constexpr std::size_t kMostTypes = 1024;
  constexpr Integer kMostElements = 65'536;
  const auto& claims = court.driver.builds[build].facts.supplies;
  std::map<Integer, Integer> supplies;
  for (const auto& [type, shape] : shapes.all()) {
    const auto claim = claims.find(Integer{type});
    const auto claimed = claim == claims.end() ? std::nullopt : std::optional(claim->second);
    const auto count = elements(court.measurements.find(build, type), claimed);
    if (count && *count <= kMostElements && supplies.size() < kMostTypes) supplies[Integer{type}] = *count;
  }
  return supplies;
}

// False: there were no events to ask.
bool Trial::ask(const Court& court, const Hello& hello, const Shapes& shapes, Values& values, Evaluation& evaluation,
                Outcome& outcome) const {
  if (court.events != nullptr) {
    // Whoever writes an event writes the inputs that matter; the rest are absent.
    std::vector<Asked> events = court.events->events;
    for (Asked& asked : events) {
      const Shape* shape = shapes.find(asked.event.type);
      const std::size_t inputs = shape == nullptr ? 0 : shape->kinds.size();
      if (asked.event.inputs.size() < inputs) asked.event.inputs.resize(inputs, kAbsent);
    }
    (void)evaluation.ask(events, {.once = true});
    return true;
  }
  std::vector<Attempt> attempts = attempts_for(uses_, shapes, values);
  if (!attempts.empty()) {
    if (!search(attempts, evaluation)) return true;
    (void)evaluation.ask(events_for(attempts, shapes, values, outcome.events_cut), {.once = true});
    return true;
  }
  if (hello.types.empty()) return false;
  (void)evaluation.ask(generic_events(shapes, values), {.once = true});
  return true;
}

void Trial::add(Findings& findings, Finding finding, const std::string& build) const {
  finding.file = file_;
  finding.build = build;
  findings.add(std::move(finding));
}

void Trial::look_for_change(Findings& findings, const std::string& build) {
  const std::lock_guard lock(content_mutex_);
  if (content_.changed()) {
    add(findings, Finding::of(FindingId::input_changed).with("reason", content_.reason()), build);
  }
}

}  // namespace sluice::run
