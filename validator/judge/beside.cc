#include "validator/judge/beside.h"

namespace sluice::judge {

using report::FileResult;

std::optional<FileResult> beside_content(std::string name, std::vector<Finding> findings, const Threshold& threshold) {
  if (findings.empty()) return std::nullopt;
  FileResult result;
  result.name = std::move(name);
  result.is_document = true;
  result.is_beside = true;
  result.verdict = threshold.verdict_of(findings);
  result.findings = std::move(findings);
  return result;
}

std::optional<FileResult> judge_driver(const contract::Driver& driver, const std::string& path,
                                       const std::vector<std::size_t>& builds, const suppression::Suppressions* list,
                                       suppression::Matcher* matcher, const Threshold& threshold, bool has_content) {
  Findings findings(1000, matcher != nullptr ? &matcher->suppressor() : nullptr);
  for (Finding& finding : contract::judge_driver(driver, builds)) {
    if (has_content) finding.severity = Severity::warning;
    findings.add(std::move(finding));
  }
  FileResult result;
  result.name = path;
  result.is_document = true;
  result.is_beside = has_content;
  result.suppressed_count = findings.suppressed_count();
  for (Suppressed& hidden : findings.suppressed()) {
    const suppression::Entry& entry = list->entries[hidden.entry];
    result.suppressed.push_back({std::move(hidden.finding), entry.reason, to_string(entry.until)});
  }
  conclude(threshold, findings, result);
  if (matcher != nullptr) matcher->saw_file(path, true);
  if (has_content && result.findings.empty() && result.suppressed.empty()) return std::nullopt;
  return result;
}

std::optional<FileResult> judge_measured(const run::Measurements& measurements, const contract::Driver& driver,
                                         const Threshold& threshold) {
  return beside_content(driver.file, measurements.judge(driver), threshold);
}

std::optional<FileResult> review_suppressions(const suppression::Matcher* matcher, const std::string& path,
                                              const Threshold& threshold) {
  if (matcher == nullptr) return std::nullopt;
  return beside_content(path, matcher->review(), threshold);
}

}  // namespace sluice::judge
