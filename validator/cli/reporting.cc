#include "validator/cli/reporting.h"

namespace sluice::cli {

namespace {

constexpr int kNoVerdict = static_cast<int>(Verdict::no_verdict);

// In a longer run the files that passed are counted, not listed.
constexpr std::size_t kListed = 20;

}  // namespace

void Reporting::declare(Arguments& arguments) {
  arguments.choice("--format", format_, {"text", "json", "sarif", "junit", "github", "gitlab", "html"}, "Report as");
  arguments.choice("--sarif-profile", sarif_profile_, {"spec", "github"}, "With --format sarif: for whom");
  arguments.text("-o,--output", path_, "FILE", "Write the report to FILE, in full or not at all");
  arguments.choice("--fail-on", fail_on_, {"error", "warning", "note"}, "What fails a file (default: error)");
  arguments.flag("--exit-zero", exit_zero_, "Exit 0 instead of 1; never instead of 2");
  arguments.flag("--no-color", no_color_, "No colours");
  arguments.flag("-q,--quiet", quiet_, "Text: findings only");
  arguments.flag("-v,--verbose", verbose_, "Text: list each file that passed, however many");
}

bool Reporting::begin(const Arguments& arguments, report::Options options, std::size_t file_count) {
  if (arguments.given("--sarif-profile") && format_ != "sarif") {
    (void)arguments.refuse("--sarif-profile needs --format sarif");
    return false;
  }
  options.tool_version = SLUICE_VERSION;
  options.colour = path_.empty() && wants_colour(no_color_);
  options.show_summary = !quiet_;
  options.show_passed = !quiet_ && (verbose_ || file_count <= kListed);
  options.sarif_profile = sarif_profile_ == "github" ? report::SarifProfile::github : report::SarifProfile::spec;
  if (!output_.open(path_)) {
    complain(output_.problem());
    return false;
  }
  writer_ = report::make_writer(*report::format_by_name(format_), options, text_);
  return true;
}

void Reporting::add(const report::FileResult& result) {
  totals_.add(result);
  writer_->file(result);
  output_.drain(text_);
}

int Reporting::finish() {
  writer_->finish(totals_);
  if (!output_.close(text_)) {
    complain(output_.problem());
    return kNoVerdict;
  }
  if (totals_.files == 0) return kNoVerdict;
  if (totals_.verdict == Verdict::fail && exit_zero_) return static_cast<int>(Verdict::pass);
  return static_cast<int>(totals_.verdict);
}

judge::Threshold Reporting::threshold() const { return {judge::severity_by_name(fail_on_).value_or(Severity::error)}; }

bool Reporting::wants_digests() const { return format_ == "json" || format_ == "sarif" || format_ == "html"; }

}  // namespace sluice::cli
