#include "validator/cli/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/bytes/digest.h"

namespace sluice::cli {

namespace {

using report::BuildVerdict;
using report::FileResult;

void reset(FileResult& result, const std::string& name) {
  result.name = name;
  result.size.reset();
  result.sha256.reset();
  result.builds.clear();
  result.suppressed.clear();
}

void add(Findings& findings, FindingId id, const std::string& name, const std::string& reason) {
  Finding finding = Finding::of(id).with("reason", reason);
  finding.file = name;
  findings.add(std::move(finding));
}

std::optional<std::size_t> index_of(const contract::Driver& driver, const std::string& name) {
  const auto found = std::ranges::find_if(driver.builds, [&](const auto& build) { return build.facts.name == name; });
  if (found == driver.builds.end()) return std::nullopt;
  return static_cast<std::size_t>(found - driver.builds.begin());
}

}  // namespace

void Judge::operator()(const Item& item, FileResult& result) {
  reset(result, item.name);
  declared_.reset();
  Findings findings(bench_.limits.findings, bench_.matcher != nullptr ? &bench_.matcher->suppressor() : nullptr);
  if (item.problem.empty()) {
    check(item.name, findings, result);
  } else {
    add(findings, item.is_unreadable ? FindingId::input_unreadable : FindingId::nothing_to_check, item.name,
        item.problem);
  }
  judge_builds(findings, result);
  compare_with_declared(item.name, findings, result.builds);
  result.verdict = bench_.reporting.verdict_of(findings.tally());
  result.omitted = findings.omitted();
  result.suppressed_count = findings.suppressed_count();
  for (Suppressed& hidden : findings.suppressed()) {
    const suppression::Entry& entry = bench_.suppressions->entries[hidden.entry];
    result.suppressed.push_back({std::move(hidden.finding), entry.reason, to_string(entry.until)});
  }
  result.findings = std::move(findings.list());
  if (bench_.matcher != nullptr) bench_.matcher->saw_file(item.name, result.verdict != Verdict::no_verdict);
}

void Judge::check(const std::string& name, Findings& findings, FileResult& result) {
  if (!file_.open(name)) {
    add(findings, FindingId::input_unreadable, name, file_.reason());
    return;
  }
  result.size = file_.bytes().size();
  declared_ = program::check(bench_.program, file_.bytes(), bench_.limits, name, findings).declared;
  if (bench_.reporting.wants_digests()) result.sha256 = bytes::sha256_hex(file_.bytes());
  if (file_.changed()) add(findings, FindingId::input_changed, name, file_.reason());
}

void Judge::judge_builds(const Findings& findings, FileResult& result) const {
  for (const std::size_t index : bench_.builds) {
    const program::BuildFacts& facts = bench_.driver->builds[index].facts;
    const Verdict verdict = bench_.reporting.verdict_of(findings.tally_of(facts.name));
    BuildVerdict build{.build = facts.name, .support = facts.support, .place = index, .verdict = verdict};
    for (std::size_t i = 0; i < findings.list().size() && !build.first; ++i) {
      const Finding& finding = findings.list()[i];
      const bool decides = bench_.reporting.verdict_of(finding.severity, is_no_verdict(finding.id)) == verdict;
      if (decides && report::is_about(finding, facts.name)) build.first = i;
    }
    result.builds.push_back(std::move(build));
  }
}

// A file that fails on all builds alike, or was not read to its end, is proven for none: that its own range says
// otherwise is no news.
void Judge::compare_with_declared(const std::string& name, Findings& findings,
                                  const std::vector<BuildVerdict>& builds) const {
  if (!declared_ || builds.empty()) return;
  if (bench_.reporting.verdict_of(findings.tally_of("")) != Verdict::pass || findings.no_verdict()) return;
  const std::string& from = declared_->first;
  const std::string& to = declared_->last;
  const auto first = index_of(*bench_.driver, from);
  const auto last = index_of(*bench_.driver, to);
  Finding finding = Finding::of(FindingId::build_range_differs);
  finding.file = name;
  finding.with("declared", fmt::format("{} .. {}", printable(from), printable(to)))
      .with("proven", report::proven_text(builds));
  if (!first || !last) {
    finding.suggest = fmt::format("the driver document has no build '{}'", printable(!first ? from : to));
  } else if (*last < *first) {
    finding.suggest = fmt::format("{} comes after {} in the driver document", printable(from), printable(to));
  } else {
    const auto differs = [&](const BuildVerdict& build, bool is_declared) {
      return (*first <= build.place && build.place <= *last) == is_declared &&
             (build.verdict == Verdict::pass) != is_declared;
    };
    const bool declares_more = std::ranges::any_of(builds, [&](const auto& build) { return differs(build, true); });
    const bool declares_less = std::ranges::any_of(builds, [&](const auto& build) { return differs(build, false); });
    if (!declares_more && !declares_less) return;
    if (!declares_more) finding.severity = Severity::note;
  }
  findings.add(std::move(finding));
}

}  // namespace sluice::cli
