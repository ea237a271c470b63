#include "fuzz/farm/faults.h"

#include <algorithm>

namespace sluice::farm {

namespace {

using FaultState = FaultRecord::State;

// `7.11-read-match_criterion-0dea60ce` without its build: what is at one place of several builds is alike.
std::string place_of(const FoundFile& one) {
  const std::string begin = one.build + "-";
  return one.identity.starts_with(begin) ? one.identity.substr(begin.size()) : one.identity;
}

}  // namespace

void Faults::load() {
  for (Known& known : state_.known()) {
    Key key(known.fault.target, known.fault.identity);
    (known.is_case ? cases_ : found_).emplace(std::move(key), std::move(known));
  }
}

bool Faults::take(const std::string& target, std::string& problem) {
  std::vector<FoundFile> files;
  const bool is_good = file_found(folders_.faults(target), folders_.worker, night_.number, files, problem);
  for (const FoundFile& one : files) {
    const auto [at, is_new] = found_.try_emplace({target, one.identity});
    Known& found = at->second;
    if (is_new) {
      // What this worker filed and did not come to write down is of that night; of one that this state does not know,
      // it is older than all.
      const bool is_mine = one.worker == folders_.worker;
      const std::int64_t first = !is_mine ? night_.number : one.night <= night_.number ? one.night : 0;
      found.fault = {.target = target,
                     .identity = one.identity,
                     .build = one.build,
                     .sentence = one.sentence,
                     .worker = one.worker,
                     .first_night = first,
                     .last_night = night_.number,
                     .since = first};
      save(found);
    }
    if (!one.triaged) continue;
    const Triaged& triaged = *one.triaged;
    if (triaged.of_case.empty()) {
      if (!found.of_case.empty() || found.fault.why == triaged.why) continue;
      found.fault.why = triaged.why;
      save(found);
    } else if (found.of_case != triaged.of_case) {
      std::string ignored;
      const auto filed = file_once(folders_.crashes(target), triaged.of_case, {one.worker, one.night}, ignored);
      attach(found, triaged, filed ? filed->worker : one.worker);
    }
  }
  return is_good;
}

void Faults::change(FaultRecord& fault, FaultState to) {
  if (fault.state == to) return;
  fault.state = to;
  fault.since = night_.number;
  if (to == FaultState::fixed) fault.fixed_night = night_.number;
}

// It does what is wrong, tonight.
void Faults::show(Known& known) {
  FaultRecord& fault = known.fault;
  const bool is_news = fault.last_night != night_.number || fault.state == FaultState::fixed;
  fault.last_night = night_.number;
  if (fault.state == FaultState::fixed) change(fault, FaultState::returned);
  if (is_news) save(known);
}

bool Faults::see(const std::string& target, const std::string& identity) {
  const auto at = found_.find({target, identity});
  if (at == found_.end()) return false;
  show(at->second);
  const auto its = cases_.find({target, at->second.of_case});
  if (its != cases_.end()) show(its->second);
  return true;
}

void Faults::attach(Known& found, const Triaged& triaged, const std::string& filed_by) {
  const FaultRecord& from = found.fault;
  const auto [at, is_new] = cases_.try_emplace({from.target, triaged.of_case});
  Known& its = at->second;
  FaultRecord& fault = its.fault;
  if (is_new) {
    its.is_case = true;
    fault = from;
    fault.identity = triaged.of_case;
    fault.why.clear();
    fault.worker = filed_by;
  }
  // One that triage comes to again shows: then it is not fixed any more.
  if (from.last_night == night_.number && from.state != FaultState::fixed) show(its);
  if (from.first_night < fault.first_night) {
    if (fault.since == fault.first_night) fault.since = from.first_night;
    fault.first_night = from.first_night;
  }
  fault.cause = triaged.cause;
  fault.guilty = triaged.guilty;
  fault.suggestion = triaged.suggestion;
  fault.page = triaged.page;
  found.of_case = triaged.of_case;
  found.fault.why.clear();
  save(its);
  save(found);
}

void Faults::detach(Known& found) {
  forget_triaged(folders_.faults(found.fault.target), found.fault.identity);
  found.of_case.clear();
  found.tried = 0;
  save(found);
}

Faults::Waiting Faults::waiting(const std::string& target, const std::set<std::string>& builds) {
  std::vector<FoundFile> files;
  std::string ignored;
  (void)file_found(folders_.faults(target), folders_.worker, night_.number, files, ignored);
  std::ranges::stable_sort(files, {}, place_of);
  Waiting waiting;
  for (const FoundFile& one : files) {
    const auto at = found_.find({target, one.identity});
    if (one.kind != FoundFile::Kind::fault || at == found_.end() || !builds.contains(one.build)) continue;
    const Known& found = at->second;
    if (!found.of_case.empty() || found.fault.state == FaultState::fixed || found.tried == night_.number) continue;
    if (found.fault.worker != folders_.worker && found.fault.first_night == night_.number) continue;
    (found.tried == 0 ? waiting.fresh : waiting.again).push_back(one.identity);
  }
  // What was tried longest ago has its turn first.
  std::ranges::stable_sort(waiting.again, {},
                           [&](const std::string& identity) { return found_.at({target, identity}).tried; });
  return waiting;
}

bool Faults::keep(const std::string& target, const std::string& identity, const Triaged& triaged,
                  std::string& problem) {
  const auto at = found_.find({target, identity});
  if (at == found_.end()) return true;
  Known& found = at->second;
  const std::string folder = folders_.faults(target);
  if (triaged.of_case.empty()) {
    found.tried = night_.number;
    found.fault.why = triaged.why;
    save(found);
    return write_triaged(folder, identity, triaged, problem);
  }
  const auto filed = file_once(folders_.crashes(target), triaged.of_case, {folders_.worker, night_.number}, problem);
  if (!filed || !write_triaged(folder, identity, triaged, problem)) return false;
  attach(found, triaged, filed->worker);
  return true;
}

bool Faults::replay(const std::vector<const Lane*>& lanes, const run::CampaignOptions& all, TriageProgram& program,
                    std::string& problem) {
  if (lanes.empty()) return true;
  const std::string& target = lanes.front()->target.name;
  using What = CaseReplayed::What;
  std::map<std::string, CaseReplayed> replayed;
  const auto end = program.replay(all, target, replayed, problem);
  if (end == TriageProgram::End::asked) return false;
  // Where the file of a case does not show, the others of it are asked too.
  std::set<std::string> asked;
  for (const auto& [key, its] : cases_) {
    if (key.first != target || end != TriageProgram::End::done) continue;
    const auto answer = replayed.find(key.second);
    const bool is_known =
        answer != replayed.end() && (answer->second.what == What::shows || its.fault.state == FaultState::fixed);
    if (!is_known) asked.insert(key.second);
    if (answer != replayed.end() && answer->second.what == What::cannot) problem = answer->second.text;
  }
  Names answers;
  const bool is_run = replay_found(lanes, asked, answers, problem);
  judge_found(target, answers);
  if (end != TriageProgram::End::done) return false;
  for (const std::string& identity : judge_cases(target, replayed, answers)) {
    std::string why;
    if (program.call_fixed(all, target, identity, why) != TriageProgram::End::done) problem = why;
  }
  return is_run && problem.empty();
}

bool Faults::replay_found(const std::vector<const Lane*>& lanes, const std::set<std::string>& cases, Names& answers,
                          std::string& problem) {
  const std::string& target = lanes.front()->target.name;
  const std::string folder = folders_.faults(target);
  std::vector<FoundFile> files;
  (void)file_found(folder, folders_.worker, night_.number, files, problem);
  for (const Lane* lane : lanes) {
    std::vector<FoundFile> own;
    for (const FoundFile& one : files) {
      const auto at = found_.find({target, one.identity});
      if (one.build != lane->build || at == found_.end()) continue;
      if (at->second.of_case.empty() || cases.contains(at->second.of_case)) own.push_back(one);
    }
    if (own.empty()) continue;
    const std::vector<Replayed> results = farm::replay(lane->campaign, folder, own, problem);
    for (std::size_t i = 0; i < own.size(); ++i) {
      // What it never showed it is not asked for.
      const bool means_nothing = results[i] == Replayed::silent &&
                                 !found_.at({target, own[i].identity}).fault.replays && !was_shown(folder, own[i]);
      answers[own[i].identity] = means_nothing ? Replayed::undecided : results[i];
    }
  }
  return problem.empty();
}

void Faults::judge_found(const std::string& target, const Names& answers) {
  for (const auto& [identity, answer] : answers) {
    Known& found = found_.at({target, identity});
    if (answer == Replayed::undecided) continue;
    found.fault.replays = true;
    if (answer == Replayed::silent) {
      change(found.fault, FaultState::fixed);
    } else {
      show(found);
    }
    save(found);
  }
}

// Returns those that are to be called fixed.
std::vector<std::string> Faults::judge_cases(const std::string& target,
                                             const std::map<std::string, CaseReplayed>& replayed,
                                             const Names& answers) {
  using What = CaseReplayed::What;
  std::vector<std::string> fixed;
  for (auto& [key, its] : cases_) {
    if (key.first != target) continue;
    const auto answer = replayed.find(key.second);
    const bool is_there = answer != replayed.end();
    std::vector<Known*> shown;
    std::size_t silent = 0;
    for (auto& [name, found] : found_) {
      if (name.first != target || found.of_case != key.second) continue;
      const auto at = answers.find(name.second);
      if (at != answers.end() && at->second == Replayed::shows) shown.push_back(&found);
      silent += at != answers.end() && at->second == Replayed::silent ? 1 : 0;
    }
    const bool file_shows = is_there && answer->second.what == What::shows;
    if (file_shows || !shown.empty()) show(its);
    if (file_shows) {
      its.fault.replays = true;
    } else if (!shown.empty()) {
      // Its file shows it no more, or is gone, and others do: what is left of it is told by these.
      for (Known* found : shown) detach(*found);
    } else if (is_there ? answer->second.what != What::cannot : silent != 0) {
      change(its.fault, FaultState::fixed);
      if (is_there && answer->second.what == What::gone) fixed.push_back(key.second);
    }
    save(its);
  }
  return fixed;
}

template <typename Meant>
std::size_t Faults::count(const Meant& is_meant) const {
  std::size_t sum = 0;
  for (const auto& [key, its] : cases_) sum += is_meant(its.fault) ? 1 : 0;
  for (const auto& [key, found] : found_) sum += found.of_case.empty() && is_meant(found.fault) ? 1 : 0;
  return sum;
}

std::size_t Faults::num_new() const {
  return count([&](const FaultRecord& fault) { return fault.is_new(night_.number, folders_.worker); });
}

std::size_t Faults::num_returned() const {
  return count(
      [&](const FaultRecord& fault) { return fault.state == FaultState::returned && fault.since == night_.number; });
}

}  // namespace sluice::farm
