// Content against every driver build in the field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/finding/finding.h"

namespace sluice::report {

struct FileResult;
struct Totals;

// How much of a file a build evaluated when it was run, of what it is meant to evaluate.
struct Ran {
  std::uint64_t instances = 0;
  std::uint64_t evaluated = 0;
  std::uint64_t criteria = 0;  // that dereference an input
  std::uint64_t dereferenced = 0;
};

// The judgement on one file for one driver build.
struct BuildVerdict {
  std::string build;
  std::string support;    // `fielded`, `canary`
  std::size_t place = 0;  // in the driver document, whose other builds may have been left out
  Verdict verdict = Verdict::pass;
  std::optional<std::size_t> first = {};  // the finding that decided it, by its index in the file's
  std::optional<Ran> ran = {};            // `run`, where that is known
};

// The same, of all files.
struct BuildTotals {
  std::string build;
  std::string support;
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  std::uint64_t undecided = 0;
  Verdict beside = Verdict::pass;  // of what was judged beside the files: a campaign
  // The first finding that decided the worst verdict: `SL0301`, the file and the field.
  std::string first_id = {};
  std::string first_file = {};
  std::string first_path = {};

  void add(const BuildVerdict& verdict, const FileResult& result);
  [[nodiscard]] Verdict verdict() const;  // the worst
};

// Builds that follow each other in the driver document and all pass. A build that was not judged ends a range.
struct BuildRange {
  std::string first;
  std::string last;
};
[[nodiscard]] std::vector<BuildRange> proven_ranges(const std::vector<BuildVerdict>& builds);

// `7.10, 7.11.1 .. 7.12`, or `no build`.
[[nodiscard]] std::string proven_text(const std::vector<BuildVerdict>& builds);

// Whether `finding` counts for `build`.
[[nodiscard]] bool is_about(const Finding& finding, std::string_view build);

// Whether what was checked may go to the field. No answer is not a yes.
struct Deployable {
  std::optional<bool> answer;
  std::string reason;
};
// `left_out` are the supported builds that nothing was judged for. `is_run`: builds were run and nothing was checked.
[[nodiscard]] Deployable deployable(const Totals& totals, const std::vector<std::string>& left_out,
                                    bool is_run = false);

}  // namespace sluice::report
