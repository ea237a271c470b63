#include "validator/judge/threshold.h"

namespace sluice::judge {

Verdict Threshold::verdict_of(std::optional<Severity> worst, bool no_verdict) const {
  if (no_verdict) return Verdict::no_verdict;
  return worst && *worst >= fail_on ? Verdict::fail : Verdict::pass;
}

Verdict Threshold::verdict_of(const std::vector<Finding>& findings) const {
  Findings::Tally tally;
  for (const Finding& finding : findings) tally.add({finding.severity, is_no_verdict(finding.id)});
  return verdict_of(tally);
}

std::optional<Severity> severity_by_name(std::string_view name) {
  for (const Severity severity : {Severity::note, Severity::warning, Severity::error}) {
    if (name == name_of(severity)) return severity;
  }
  return std::nullopt;
}

void judge_builds(const Threshold& threshold, const Findings& findings, report::FileResult& result) {
  for (report::BuildVerdict& build : result.builds) {
    build.verdict = threshold.verdict_of(findings.tally_of(build.build));
    build.first.reset();
    for (std::size_t i = 0; i < findings.list().size() && !build.first; ++i) {
      const Finding& finding = findings.list()[i];
      const bool decides = threshold.verdict_of(finding.severity, is_no_verdict(finding.id)) == build.verdict;
      if (decides && report::is_about(finding, build.build)) build.first = i;
    }
  }
}

void conclude(const Threshold& threshold, Findings& findings, report::FileResult& result) {
  result.verdict = threshold.verdict_of(findings.tally());
  result.omitted += findings.omitted();
  result.findings = std::move(findings.list());
}

}  // namespace sluice::judge
