// What every command that reports findings shares: its options, the writer, and how it ends.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "validator/cli/arguments.h"
#include "validator/cli/output.h"
#include "validator/judge/threshold.h"
#include "validator/report/writer.h"

namespace sluice::cli {

class Reporting {
 public:
  // Adds --format, --sarif-profile, --output, --no-color, --quiet, --verbose, --fail-on and --exit-zero.
  void declare(Arguments& arguments);
  // The same without what a policy decides, --fail-on and --exit-zero, and with --report: more reports in one run.
  void declare_for_gate(Arguments& arguments);

  // After the arguments were parsed: which reports there will be. `begin` asks for it where nobody has. False: as
  // `begin`.
  [[nodiscard]] bool choose(const Arguments& arguments);

  // After the arguments were parsed. `options` have what the command knows: schema, rules, builds. `file_count` decides
  // whether passing files are worth a line each. On failure returns false; the exit code is 2 and the reason was
  // printed.
  [[nodiscard]] bool begin(const Arguments& arguments, report::Options options, std::size_t file_count);

  void add(const report::FileResult& result);
  // After all results: of one build.
  void add(report::BuildCoverage coverage) { totals_.coverage.push_back(std::move(coverage)); }
  void add(report::Release release) { totals_.release = std::move(release); }

  [[nodiscard]] const report::Totals& totals() const { return totals_; }

  // Ends the report and returns the exit code.
  [[nodiscard]] int finish();

  // By --fail-on.
  [[nodiscard]] judge::Threshold threshold() const;

  // Whether the format has a place for digests.
  [[nodiscard]] bool wants_digests() const;
  // Whether a report shows bytes of content.
  [[nodiscard]] bool wants_excerpts() const { return has_format(report::Format::html); }

 private:
  // One report, and where it goes.
  struct Sink {
    Sink(report::Format its_format, std::string its_path) : format(its_format), path(std::move(its_path)) {}
    report::Format format;
    std::string path;
    Output output;
    std::string text;
    std::unique_ptr<report::Writer> writer;
  };
  void declare_outputs(Arguments& arguments);
  [[nodiscard]] bool has_format(report::Format format) const;

  std::string format_ = "text";
  std::string sarif_profile_ = "spec";
  std::string path_;
  std::string fail_on_ = "error";
  bool no_color_ = false;
  bool quiet_ = false;
  bool verbose_ = false;
  bool exit_zero_ = false;

  std::vector<std::string> more_;  // FORMAT=FILE

  std::vector<std::unique_ptr<Sink>> sinks_;
  report::Totals totals_;
};

}  // namespace sluice::cli
