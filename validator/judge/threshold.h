// What fails a file.
#pragma once

#include <optional>

#include "validator/finding/finding.h"
#include "validator/report/model.h"

namespace sluice::judge {

struct Threshold {
  Severity fail_on = Severity::error;

  // FAIL if a finding is as severe as `fail_on`.
  [[nodiscard]] Verdict verdict_of(std::optional<Severity> worst, bool no_verdict) const;
  [[nodiscard]] Verdict verdict_of(const Findings::Tally& tally) const {
    return verdict_of(tally.worst, tally.no_verdict);
  }
  // The verdict for a document, by its findings.
  [[nodiscard]] Verdict verdict_of(const std::vector<Finding>& findings) const;
};

// `error`, `warning`, `note`.
[[nodiscard]] std::optional<Severity> severity_by_name(std::string_view name);

// Gives each build of `result` its verdict by `findings`, and the first finding that decided it.
void judge_builds(const Threshold& threshold, const Findings& findings, report::FileResult& result);

// Gives the file its verdict and moves `findings` there. What was hidden is not moved.
void conclude(const Threshold& threshold, Findings& findings, report::FileResult& result);

}  // namespace sluice::judge
