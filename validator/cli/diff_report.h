// What `sluice diff` found, and its two ways of telling it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validator/difference/compare.h"
#include "validator/report/model.h"
#include "validator/report/writer.h"

namespace sluice::cli {

struct DiffReport {
  std::string schema;
  std::vector<report::FileResult> older;  // those that were read, in their order
  std::optional<std::size_t> base;        // of them, the one that NEW is compared with
  report::FileResult now;                 // NEW, with its first uses
  // Documents and files that could not be used. With one of them there is no verdict, and nothing was compared.
  std::vector<report::FileResult> broken;
  bool is_identical = false;  // NEW and the base, byte for byte
  difference::Difference difference;

  [[nodiscard]] bool is_compared() const { return broken.empty() && base.has_value(); }
};

struct DiffTextOptions {
  report::Options report;
  bool with_derived = false;
  bool verbose = false;
};

[[nodiscard]] std::string diff_text(const DiffReport& report, const DiffTextOptions& options);

// docs/diff.md
[[nodiscard]] std::string diff_json(const DiffReport& report, const std::string& tool_version, Verdict verdict);

}  // namespace sluice::cli
