#include "validator/judge/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/bytes/sha256.h"
#include "validator/judge/excerpt.h"

namespace sluice::judge {

namespace {

using report::BuildVerdict;
using report::FileResult;

void reset(FileResult& result, const std::string& name) {
  result.name = name;
  result.size.reset();
  result.sha256.reset();
  result.omitted = 0;
  result.builds.clear();
  result.suppressed.clear();
  result.excerpts.clear();
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
  Findings findings = begin(item.name, result);
  if (!item.problem.empty()) {
    add(findings, item.is_unreadable ? FindingId::input_unreadable : FindingId::nothing_to_check, item.name,
        item.problem);
  } else if (!file_.open(item.name)) {
    add(findings, FindingId::input_unreadable, item.name, file_.reason());
  } else {
    check(item.name, file_.bytes(), findings, result);
    if (file_.changed()) add(findings, FindingId::input_changed, item.name, file_.reason());
  }
  end(findings, result);
  if (bench_.tree != nullptr && result.size) {
    result.excerpts = excerpts_of(bench_.tree, bench_.limits, file_.bytes(), result.findings);
  }
}

void Judge::operator()(const std::string& name, bytes::View content, FileResult& result) {
  Findings findings = begin(name, result);
  check(name, content, findings, result);
  end(findings, result);
}

Findings Judge::begin(const std::string& name, FileResult& result) {
  reset(result, name);
  declared_.reset();
  for (const std::size_t index : bench_.builds) {
    const program::BuildFacts& facts = bench_.driver->builds[index].facts;
    result.builds.push_back({.build = facts.name, .support = facts.support, .place = index});
  }
  return Findings(bench_.limits.findings, bench_.matcher != nullptr ? &bench_.matcher->suppressor() : nullptr);
}

void Judge::check(const std::string& name, bytes::View content, Findings& findings, FileResult& result) {
  result.size = content.size();
  declared_ = program::check(bench_.program, content, bench_.limits, name, findings).declared;
  if (bench_.wants_digests) result.sha256 = bytes::hex(bytes::sha256(content));
}

void Judge::end(Findings& findings, FileResult& result) {
  judge_builds(bench_.threshold, findings, result);
  compare_with_declared(findings, result);
  result.suppressed_count = findings.suppressed_count();
  for (Suppressed& hidden : findings.suppressed()) {
    const suppression::Entry& entry = bench_.suppressions->entries[hidden.entry];
    result.suppressed.push_back({std::move(hidden.finding), entry.reason, to_string(entry.until)});
  }
  conclude(bench_.threshold, findings, result);
  if (bench_.matcher != nullptr) bench_.matcher->saw_file(result.name, result.verdict != Verdict::no_verdict);
}

// A file that fails on all builds alike, or was not read to its end, is proven for none: that its own range says
// otherwise is no news.
void Judge::compare_with_declared(Findings& findings, FileResult& result) const {
  const std::vector<BuildVerdict>& builds = result.builds;
  if (!declared_ || builds.empty()) return;
  if (bench_.threshold.verdict_of(findings.tally_of("")) != Verdict::pass || findings.no_verdict()) return;
  const std::string& from = declared_->first;
  const std::string& to = declared_->last;
  const auto first = index_of(*bench_.driver, from);
  const auto last = index_of(*bench_.driver, to);
  Finding finding = Finding::of(FindingId::build_range_differs);
  finding.file = result.name;
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

}  // namespace sluice::judge
