#include "fuzz/triage/replay.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fuzz/cause/merge.h"
#include "fuzz/engine/corpus.h"
#include "fuzz/engine/shared.h"

namespace sluice::triage {

namespace {

using report::CaseState;
using What = Replayed::What;

constexpr std::uint32_t kTries = 10;

std::string_view word_of(What what) {
  switch (what) {
    case What::faults: return "open";
    case What::gone: return "gone";
    case What::stays_fixed: return "fixed";
    case What::returned: return "returned";
    case What::cannot: return "cannot";
  }
  return "";
}

std::string sentence_of(const Replayed& each) {
  const cause::Case& its = each.its;
  switch (each.what) {
    case What::faults: return fmt::format("faults on {}, since {}", fmt::join(each.builds, ", "), its.since);
    case What::gone: return fmt::format("faults on no build any more: `sluice triage fixed {}`", its.identity);
    case What::stays_fixed: {
      const std::string still = each.builds.empty() ? "" : fmt::format("; still on {}", fmt::join(each.builds, ", "));
      return fmt::format("fixed since {}{}", its.fixed, still);
    }
    case What::returned:
      return fmt::format("faults again on {}; found {}, fixed since {}", fmt::join(each.builds, ", "), its.since,
                         its.fixed);
    case What::cannot: return each.problem;
  }
  return "";
}

Replayed judge(const Targets& targets, const cause::Case& its, const std::vector<const Asked*>& asked) {
  Replayed out{.what = What::cannot, .its = its, .builds = {}, .problem = {}};
  const bool is_regression = its.state == CaseState::regression;
  bool has_returned = false;
  for (const Asked* each : asked) {
    const std::string& build = targets.build(each->build).name;
    const auto is_it = [&](const engine::Fault& fault) { return cause::shown_of(fault).kind == its.kind; };
    const bool faults = is_regression ? !each->faults.empty() : std::ranges::any_of(each->faults, is_it);
    if (!faults) continue;
    out.builds.push_back(build);
    has_returned = has_returned || std::ranges::find(its.unfixed, build) == its.unfixed.end();
  }
  out.what = is_regression ? (has_returned ? What::returned : What::stays_fixed)
                           : (out.builds.empty() ? What::gone : What::faults);
  return out;
}

std::vector<Replayed> replay_all(const Targets& targets, const std::vector<cause::Case>& cases, std::size_t jobs) {
  std::vector<Question> questions;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    for (std::size_t build = 0; build < targets.num_builds(); ++build)
      questions.push_back({.input = i, .build = build});
  }
  const auto read = [&](std::size_t i, std::vector<std::uint8_t>& bytes) {
    std::string problem;
    return engine::read_whole(cause::Cases::input_path(cases[i]), engine::kMaxInput, bytes, problem);
  };
  const Answers answers = ask(targets, std::move(questions), read, kTries, jobs);
  std::vector<Replayed> out;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    std::vector<const Asked*> asked;
    for (const Asked& each : answers.asked) {
      if (each.input == i) asked.push_back(&each);
    }
    out.push_back(judge(targets, cases[i], asked));
    if (asked.size() == targets.num_builds()) continue;
    // A build that was not asked is no build that is clean.
    const auto why = std::ranges::find_if_not(answers.problems, &std::string::empty);
    out.back().problem = why != answers.problems.end() ? *why : cause::Cases::input_path(cases[i]) + ": cannot be read";
    if (out.back().what != What::returned) out.back().what = What::cannot;
  }
  return out;
}

}  // namespace

std::vector<Replayed> replay(const Targets& targets, const cause::Cases& cases, std::size_t jobs) {
  std::vector<cause::Case> asked = cases.all();
  std::erase_if(asked, [](const cause::Case& its) { return its.state == CaseState::fresh; });
  return replay_all(targets, asked, jobs);
}

Replayed replay_one(const Targets& targets, const cause::Case& its, std::size_t jobs) {
  return replay_all(targets, {its}, jobs).front();
}

std::string replay_text(const std::vector<Replayed>& replayed) {
  std::string out;
  std::size_t returned = 0;
  std::size_t gone = 0;
  for (const Replayed& each : replayed) {
    out += fmt::format("{:<8}  {}  {}\n", word_of(each.what), each.its.identity, sentence_of(each));
    returned += each.what == What::returned;
    gone += each.what == What::gone;
  }
  const int code = exit_code_of(replayed);
  return out + fmt::format("\n{}  {}: {} returned, {} gone\n",
                           code == 0   ? "PASS"
                           : code == 1 ? "FAIL"
                                       : "NO VERDICT",
                           counted(replayed.size(), "case"), returned, gone);
}

std::string replay_json(const std::vector<Replayed>& replayed) {
  nlohmann::ordered_json cases = nlohmann::ordered_json::array();
  for (const Replayed& each : replayed) {
    cases.push_back({{"identity", each.its.identity},
                     {"outcome", word_of(each.what)},
                     {"builds", each.builds},
                     {"since", each.its.since},
                     {"text", sentence_of(each)}});
  }
  const int code = exit_code_of(replayed);
  const nlohmann::ordered_json root = {{"version", 1},
                                       {"verdict", code == 0   ? "PASS"
                                                   : code == 1 ? "FAIL"
                                                               : "NO_VERDICT"},
                                       {"cases", cases}};
  return root.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int exit_code_of(const std::vector<Replayed>& replayed) {
  if (replayed.empty() || std::ranges::find(replayed, What::cannot, &Replayed::what) != replayed.end()) return 2;
  return std::ranges::find(replayed, What::returned, &Replayed::what) != replayed.end() ? 1 : 0;
}

}  // namespace sluice::triage
