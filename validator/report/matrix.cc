#include "validator/report/matrix.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/report/model.h"

namespace sluice::report {

namespace {

std::string files_text(std::uint64_t count, std::uint64_t total) {
  return fmt::format("{} of {} file{}", count, total, total == 1 ? "" : "s");
}

// The names of those builds that have a file for which `count` is not zero.
std::vector<std::string> names_where(const Totals& totals, std::uint64_t BuildTotals::* count) {
  std::vector<std::string> names;
  for (const BuildTotals& build : totals.builds) {
    if (build.*count > 0) names.push_back(build.build);
  }
  return names;
}

std::string on_builds(const std::vector<std::string>& names) {
  return names.empty() ? "" : fmt::format(" on {}", fmt::join(names, ", "));
}

}  // namespace

void BuildTotals::add(const BuildVerdict& verdict, const FileResult& result) {
  if (verdict.verdict > this->verdict() && verdict.first) {
    const Finding& finding = result.findings[*verdict.first];
    first_id = shown_id(finding);
    first_file = result.name;
    first_path = finding.path;
  }
  if (result.is_beside) {
    beside = std::max(beside, verdict.verdict);
    return;
  }
  switch (verdict.verdict) {
    case Verdict::pass: ++passed; break;
    case Verdict::fail: ++failed; break;
    case Verdict::no_verdict: ++undecided; break;
  }
}

Verdict BuildTotals::verdict() const {
  if (undecided > 0) return Verdict::no_verdict;
  return std::max(beside, failed > 0 ? Verdict::fail : Verdict::pass);
}

std::vector<BuildRange> proven_ranges(const std::vector<BuildVerdict>& builds) {
  std::vector<BuildRange> ranges;
  const BuildVerdict* before = nullptr;  // the build that a range may go on from
  for (const BuildVerdict& build : builds) {
    if (build.verdict != Verdict::pass) {
      before = nullptr;
      continue;
    }
    if (before != nullptr && before->place + 1 == build.place) {
      ranges.back().last = build.build;
    } else {
      ranges.push_back({build.build, build.build});
    }
    before = &build;
  }
  return ranges;
}

std::string proven_text(const std::vector<BuildVerdict>& builds) {
  std::string out;
  for (const BuildRange& range : proven_ranges(builds)) {
    if (!out.empty()) out += ", ";
    out += range.first == range.last ? range.first : range.first + " .. " + range.last;
  }
  return out.empty() ? "no build" : out;
}

bool is_about(const Finding& finding, std::string_view build) {
  return finding.build.empty() || finding.build == build;
}

Deployable deployable(const Totals& totals, const std::vector<std::string>& left_out, bool is_run) {
  if (totals.contents == 0) return {std::nullopt, "no content file was judged"};
  if (totals.failed > 0) {
    return {false,
            files_text(totals.failed, totals.files) + " failed" + on_builds(names_where(totals, &BuildTotals::failed))};
  }
  if (totals.verdict == Verdict::fail) {
    std::vector<std::string> names;
    for (const BuildTotals& build : totals.builds) {
      if (build.beside == Verdict::fail) names.push_back(build.build);
    }
    return {false, names.empty() ? "a document that the run used failed"
                                 : "fuzzing found content that would pass and fails" + on_builds(names)};
  }
  if (totals.verdict == Verdict::no_verdict && totals.undecided == 0) {
    return {std::nullopt, "what was asked beside the content could not be done"};
  }
  if (totals.verdict == Verdict::no_verdict) {
    return {std::nullopt, files_text(totals.undecided, totals.files) + " without a verdict" +
                              on_builds(names_where(totals, &BuildTotals::undecided))};
  }
  if (totals.builds.empty()) return {std::nullopt, "no driver document: no build was judged"};
  if (!left_out.empty()) return {std::nullopt, fmt::format("not judged: {}", fmt::join(left_out, ", "))};
  if (is_run) return {std::nullopt, "run only shows faults: ask check"};
  return {true,
          files_text(totals.passed, totals.files) + " passed" + on_builds(names_where(totals, &BuildTotals::passed))};
}

}  // namespace sluice::report
