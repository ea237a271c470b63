#include "validator/cli/reporting.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::cli {

namespace {

constexpr int kNoVerdict = static_cast<int>(Verdict::no_verdict);

// In a longer run the files that passed are counted, not listed.
constexpr std::size_t kListed = 20;

}  // namespace

void Reporting::declare_outputs(Arguments& arguments) {
  arguments.choice("--format", format_, {"text", "json", "sarif", "junit", "github", "gitlab", "html", "markdown"},
                   "Report as");
  arguments.choice("--sarif-profile", sarif_profile_, {"spec", "github"}, "With --format sarif: for whom");
  arguments.text("-o,--output", path_, "FILE", "Write the report to FILE, in full or not at all");
  arguments.flag("--no-color", no_color_, "No colours");
  arguments.flag("-q,--quiet", quiet_, "Text: findings only");
  arguments.flag("-v,--verbose", verbose_, "Text: list each file that passed, however many");
}

void Reporting::declare(Arguments& arguments) {
  declare_outputs(arguments);
  arguments.choice("--fail-on", fail_on_, {"error", "warning", "note"}, "What fails a file (default: error)");
  arguments.flag("--exit-zero", exit_zero_, "Exit 0 instead of 1; never instead of 2");
}

void Reporting::declare_for_gate(Arguments& arguments) {
  declare_outputs(arguments);
  arguments.texts("--report", more_, "FORMAT=FILE", "One report more, as `json=gate.json`; may be repeated");
}

bool Reporting::choose(const Arguments& arguments) {
  sinks_.push_back(std::make_unique<Sink>(*report::format_by_name(format_), path_));
  for (const std::string& more : more_) {
    const std::size_t equals = more.find('=');
    const auto format = report::format_by_name(more.substr(0, equals));
    const std::string path = equals == std::string::npos ? "" : more.substr(equals + 1);
    if (!format || path.empty()) {
      (void)arguments.refuse(fmt::format("--report: '{}' is not like json=gate.json", printable(more)));
      return false;
    }
    sinks_.push_back(std::make_unique<Sink>(*format, path));
  }
  return true;
}

bool Reporting::begin(const Arguments& arguments, report::Options options, std::size_t file_count) {
  if (sinks_.empty() && !choose(arguments)) return false;
  if (arguments.given("--sarif-profile") && !has_format(report::Format::sarif)) {
    (void)arguments.refuse("--sarif-profile needs --format sarif");
    return false;
  }
  options.tool_version = SLUICE_VERSION;
  options.show_summary = !quiet_;
  options.show_passed = !quiet_ && (verbose_ || file_count <= kListed);
  options.sarif_profile = sarif_profile_ == "github" ? report::SarifProfile::github : report::SarifProfile::spec;
  for (const auto& sink : sinks_) {
    options.colour = sink->path.empty() && wants_colour(no_color_);
    if (!sink->output.open(sink->path)) {
      complain(sink->output.problem());
      return false;
    }
    sink->writer = report::make_writer(sink->format, options, sink->text);
  }
  return true;
}

void Reporting::add(const report::FileResult& result) {
  totals_.add(result);
  for (const auto& sink : sinks_) {
    sink->writer->file(result);
    sink->output.drain(sink->text);
  }
}

int Reporting::finish() {
  bool is_written = true;
  for (const auto& sink : sinks_) {
    sink->writer->finish(totals_);
    if (sink->output.close(sink->text)) continue;
    complain(sink->output.problem());
    is_written = false;
  }
  if (!is_written) return kNoVerdict;
  if (totals_.files == 0) return kNoVerdict;
  if (totals_.verdict == Verdict::fail && exit_zero_) return static_cast<int>(Verdict::pass);
  return static_cast<int>(totals_.verdict);
}

judge::Threshold Reporting::threshold() const { return {judge::severity_by_name(fail_on_).value_or(Severity::error)}; }

bool Reporting::has_format(report::Format format) const {
  return std::ranges::any_of(sinks_, [format](const auto& sink) { return sink->format == format; });
}

bool Reporting::wants_digests() const {
  return has_format(report::Format::json) || has_format(report::Format::sarif) || has_format(report::Format::html);
}

}  // namespace sluice::cli
