#include "fuzz/farm/triage.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <span>

namespace sluice::farm {

namespace {

namespace fs = std::filesystem;
using Program = TriageProgram::End;

}  // namespace

std::string Triage::next_page() const {
  std::size_t number = 1;
  std::error_code error;
  while (fs::exists(folders_.root + "/" + folders_.page(target_, night_.number, number), error)) ++number;
  return folders_.page(target_, night_.number, number);
}

Triage::End Triage::run(const TriageLimit& limit) {
  std::set<std::string> builds;
  for (const run::CampaignBuild& build : campaign_.builds) builds.insert(build.facts.name);
  const Faults::Waiting waiting = faults_.waiting(target_, builds);
  std::vector<std::string> all = waiting.fresh;
  all.insert(all.end(), waiting.again.begin(), waiting.again.end());
  deadline_ = Clock::now() + limit.of(all.size());
  std::size_t num_done = 0;
  for (std::size_t at = 0; at < all.size() && has_time(); at += TriageProgram::kMostAtOnce) {
    const auto part = std::span(all).subspan(at, std::min(all.size() - at, TriageProgram::kMostAtOnce));
    const auto end = triage(part, num_done);
    if (end == End::asked) return end;
  }
  if (num_failed_ != 0 && num_answered_ == 0) problem_ = failure_;
  if (!problem_.empty()) tell_(fmt::format("{}: {}", target_, problem_));
  if (num_done < all.size()) {
    tell_(fmt::format("{}: {} of {} faults are not triaged yet: the next night goes on with them", target_,
                      all.size() - num_done, all.size()));
  }
  return problem_.empty() ? End::done : End::failed;
}

// Together they are told apart best, and fastest. Where that comes to nothing each is tried alone: one that triage
// fails with does not keep the others from it.
Triage::End Triage::triage(std::span<const std::string> found, std::size_t& num_done) {
  const bool is_one = found.size() == 1;
  std::string problem;
  auto end = ask(found, is_one ? left() : left() / 2, problem);
  // Of two workers that file one case at the same time, one is told that it is there.
  if (end == Program::failed) end = ask(found, left() / 2, problem);
  if (end == Program::asked) return End::asked;
  if (end == Program::done) {
    num_done += found.size();
    return End::done;
  }
  for (std::size_t i = 0; !is_one && i < found.size() && has_time(); ++i) {
    if (triage(found.subspan(i, 1), num_done) == End::asked) return End::asked;
  }
  if (!is_one) return End::done;
  ++num_done;
  failure_ = problem;
  if (end == Program::failed) ++num_failed_;
  (void)faults_.keep(target_, found.front(), {.why = problem}, problem_);
  return End::done;
}

TriageProgram::End Triage::ask(std::span<const std::string> found, std::chrono::seconds limit, std::string& problem) {
  const std::vector<std::string> names(found.begin(), found.end());
  const std::string page = next_page();
  TriageAnswer answer;
  problem.clear();
  const auto end = program_.triage(campaign_, target_, names, page, limit, answer, problem);
  if (end != Program::done) return end;
  ++num_answered_;
  keep(names, answer, page);
  return end;
}

void Triage::keep(const std::vector<std::string>& found, const TriageAnswer& answer, const std::string& page) {
  std::map<std::string, Triaged> made;
  for (const TriagedCase& its : answer.cases) {
    for (const std::string& identity : its.found) {
      made.try_emplace(identity, Triaged{.of_case = its.identity,
                                         .cause = its.sentence,
                                         .guilty = its.guilty,
                                         .suggestion = its.suggestion,
                                         .page = page});
    }
  }
  for (const auto& [identity, why] : answer.left_out) made.try_emplace(identity, Triaged{.why = why});
  std::error_code ignored;
  if (answer.cases.empty()) fs::remove(folders_.root + "/" + page, ignored);
  for (const std::string& identity : found) {
    const Triaged& its = made.try_emplace(identity, Triaged{.why = "triage says nothing of it"}).first->second;
    (void)faults_.keep(target_, identity, its, problem_);
  }
}

}  // namespace sluice::farm
