// What every command that reports findings shares: its options, the writer, and how it ends.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "validator/cli/arguments.h"
#include "validator/cli/output.h"
#include "validator/judge/threshold.h"
#include "validator/report/writer.h"

namespace sluice::cli {

class Reporting {
 public:
  // Adds --format, --sarif-profile, --output, --no-color, --quiet, --verbose, --fail-on and --exit-zero.
  void declare(Arguments& arguments);

  // After the arguments were parsed. `options` have what the command knows: schema, rules, builds. `file_count` decides
  // whether passing files are worth a line each. On failure returns false; the exit code is 2 and the reason was
  // printed.
  [[nodiscard]] bool begin(const Arguments& arguments, report::Options options, std::size_t file_count);

  void add(const report::FileResult& result);
  // After all results: of one build.
  void add(report::BuildCoverage coverage) { totals_.coverage.push_back(std::move(coverage)); }

  // Ends the report and returns the exit code.
  [[nodiscard]] int finish();

  // By --fail-on.
  [[nodiscard]] judge::Threshold threshold() const;

  // Whether the format has a place for digests.
  [[nodiscard]] bool wants_digests() const;

  // Whether the format shows bytes.
  [[nodiscard]] bool wants_excerpts() const { return format_ == "html"; }

 private:
  std::string format_ = "text";
  std::string sarif_profile_ = "spec";
  std::string path_;
  std::string fail_on_ = "error";
  bool no_color_ = false;
  bool quiet_ = false;
  bool verbose_ = false;
  bool exit_zero_ = false;

  Output output_;
  std::string text_;
  std::unique_ptr<report::Writer> writer_;
  report::Totals totals_;
};

}  // namespace sluice::cli
