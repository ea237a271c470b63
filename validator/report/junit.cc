// JUnit XML, in the form that CI systems agree on: a test case for each file, those that pass included; `failure` for
// bad content, `error` for what could not be decided. One of them at most, as most readers show only the first.
#include <fmt/format.h>

#include <iterator>

#include "validator/report/escape.h"
#include "validator/report/writers.h"

namespace sluice::report {

namespace {

std::string headline(const FileResult& result) {
  if (result.findings.empty()) return "no finding was kept";
  const Finding& first = result.findings.front();
  std::string text = fmt::format("{}: {}", kind_of(first.id).title, because(first));
  const std::size_t more = result.findings.size() - 1 + result.suppressed;
  if (more > 0) text += fmt::format(" (and {} more)", more);
  return text;
}

class JunitWriter final : public Writer {
 public:
  JunitWriter(const Options& options, std::string& out)
      : class_name_(xml_escaped(visible("sluice." + options.schema))), out_(out) {}

  void file(const FileResult& result) override {
    const std::string name = xml_escaped(visible(result.name));
    fmt::format_to(std::back_inserter(cases_), "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\"", name,
                   class_name_, name);
    if (result.verdict == Verdict::pass && result.findings.empty()) {
      cases_ += "/>\n";
      return;
    }
    cases_ += ">\n";
    write_outcome(result);
    cases_ += "    </testcase>\n";
  }

  void finish(const Totals& totals) override {
    const std::string counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", totals.files, totals.failed, totals.undecided);
    fmt::format_to(std::back_inserter(out_),
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sluice\" {}>\n"
                   "  <testsuite name=\"schema\" {} skipped=\"0\">\n{}  </testsuite>\n</testsuites>\n",
                   counts, counts, cases_);
  }

 private:
  // What does not fail the file (a warning) is its output.
  void write_outcome(const FileResult& result) {
    std::string text;
    for (const Finding& finding : result.findings) text += finding_text(finding);
    if (result.suppressed > 0) text += fmt::format("{} more findings not shown\n", result.suppressed);
    if (result.verdict == Verdict::pass) {
      fmt::format_to(std::back_inserter(cases_), "      <system-out>{}</system-out>\n", xml_escaped(text));
      return;
    }
    const char* element = result.verdict == Verdict::fail ? "failure" : "error";
    const std::string type = result.findings.empty() ? "sluice" : code_of(result.findings.front().id);
    fmt::format_to(std::back_inserter(cases_), "      <{} type=\"{}\" message=\"{}\">{}</{}>\n", element, type,
                   xml_escaped(visible(headline(result))), xml_escaped(text), element);
  }

  const std::string class_name_;
  std::string& out_;
  std::string cases_;  // kept until the counts are known: they stand before it
};

}  // namespace

std::unique_ptr<Writer> make_junit_writer(const Options& options, std::string& out) {
  return std::make_unique<JunitWriter>(options, out);
}

}  // namespace sluice::report
