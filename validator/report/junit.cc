// JUnit XML, in the form that CI systems agree on: a test suite for each driver build, in it a test case for each file,
// those that pass included; `failure` for
// bad content, `error` for what could not be decided. One of them at most, as most readers show only the first.
#include <fmt/format.h>

#include <iterator>

#include "validator/report/escape.h"
#include "validator/report/writers.h"

namespace sluice::report {

namespace {

// What one test case is about: a file, or a file for one build.
struct Case {
  std::string name;
  Verdict verdict = Verdict::pass;
  std::vector<const Finding*> findings = {};
  std::size_t omitted = 0;
  std::size_t suppressed = 0;
};

std::string headline(const Case& test, const Finding& first) {
  std::string text = fmt::format("{}: {}{}", kind_of(first.id).title, because(first), build_note(first));
  const std::size_t more = test.findings.size() - 1 + test.omitted;
  if (more > 0) text += fmt::format(" (and {} more)", more);
  return text;
}

class Suite {
 public:
  void add(const Case& test, std::string_view class_name) {
    ++tests_;
    failures_ += test.verdict == Verdict::fail ? 1 : 0;
    errors_ += test.verdict == Verdict::no_verdict ? 1 : 0;
    const std::string name = xml_escaped(visible(test.name));
    fmt::format_to(std::back_inserter(cases_), "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\"", name,
                   class_name, name);
    if (test.verdict == Verdict::pass && test.findings.empty() && test.suppressed == 0) {
      cases_ += "/>\n";
      return;
    }
    cases_ += ">\n";
    write_outcome(test);
    cases_ += "    </testcase>\n";
  }

  // `support` is empty where the suite is of no build.
  void write(std::string& out, std::string_view name, std::string_view support) const {
    fmt::format_to(std::back_inserter(out), "  <testsuite name=\"{}\" {} skipped=\"0\">\n", xml_escaped(visible(name)),
                   counts());
    if (!support.empty()) {
      fmt::format_to(std::back_inserter(out),
                     "    <properties>\n      <property name=\"support\" value=\"{}\"/>\n    </properties>\n",
                     xml_escaped(visible(support)));
    }
    out += cases_ + "  </testsuite>\n";
  }

  // Counts what `other` holds, too.
  void count(const Suite& other) {
    tests_ += other.tests_;
    failures_ += other.failures_;
    errors_ += other.errors_;
  }

  std::string counts() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", tests_, failures_, errors_);
  }
  bool empty() const { return tests_ == 0; }

 private:
  // What does not fail the file (a warning) is its output.
  void write_outcome(const Case& test) {
    std::string text;
    for (const Finding* finding : test.findings) text += finding_text(*finding);
    if (test.omitted > 0) text += fmt::format("{} more findings not shown\n", test.omitted);
    if (test.suppressed > 0)
      text += fmt::format("{} finding{} suppressed\n", test.suppressed, test.suppressed == 1 ? "" : "s");
    if (test.verdict == Verdict::pass) {
      fmt::format_to(std::back_inserter(cases_), "      <system-out>{}</system-out>\n", xml_escaped(text));
      return;
    }
    const char* element = test.verdict == Verdict::fail ? "failure" : "error";
    const bool is_empty = test.findings.empty();
    const std::string type = is_empty ? "sluice" : shown_id(*test.findings.front());
    const std::string message = is_empty ? "no finding was kept" : headline(test, *test.findings.front());
    fmt::format_to(std::back_inserter(cases_), "      <{} type=\"{}\" message=\"{}\">{}</{}>\n", element,
                   xml_escaped(visible(type)), xml_escaped(visible(message)), xml_escaped(text), element);
  }

  std::string cases_;  // kept until the counts are known: they stand before it
  std::uint64_t tests_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t errors_ = 0;
};

// A suite for each driver build. What is about no build is in one of its own: files without a driver document, and
// documents.
class JunitWriter final : public Writer {
 public:
  JunitWriter(const Options& options, std::string& out)
      : class_name_(xml_escaped(visible("sluice." + options.schema))), out_(out) {}

  void file(const FileResult& result) override {
    Case test{.name = result.name, .omitted = result.omitted, .suppressed = result.suppressed_count};
    if (result.builds.empty()) {
      test.verdict = result.verdict;
      for (const Finding& finding : result.findings) test.findings.push_back(&finding);
      (result.is_beside ? documents_ : schema_).add(test, class_name_);
    }
    for (const BuildVerdict& build : result.builds) {
      test.verdict = build.verdict;
      test.findings.clear();
      // The one that decided is told first: most readers show no more.
      if (build.first) test.findings.push_back(&result.findings[*build.first]);
      for (const Finding& finding : result.findings) {
        const bool is_first = build.first && &finding == &result.findings[*build.first];
        if (is_about(finding, build.build) && !is_first) test.findings.push_back(&finding);
      }
      suite_of(build).add(test, class_name_);
    }
  }

  void finish(const Totals&) override {
    Suite sum;
    for (const Suite* suite : {&documents_, &schema_}) sum.count(*suite);
    for (const BuildSuite& build : builds_) sum.count(build.suite);
    fmt::format_to(std::back_inserter(out_),
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sluice\" {}>\n", sum.counts());
    if (!documents_.empty()) documents_.write(out_, "documents", {});
    if (!schema_.empty() || builds_.empty()) schema_.write(out_, "schema", {});
    for (const BuildSuite& build : builds_) build.suite.write(out_, build.name, build.support);
    out_ += "</testsuites>\n";
  }

 private:
  struct BuildSuite {
    std::string name;
    std::string support;
    Suite suite;
  };

  Suite& suite_of(const BuildVerdict& build) {
    for (BuildSuite& known : builds_) {
      if (known.name == build.build) return known.suite;
    }
    return builds_.emplace_back(build.build, build.support, Suite()).suite;
  }

  const std::string class_name_;
  std::string& out_;
  Suite documents_;
  Suite schema_;
  std::vector<BuildSuite> builds_;
};

}  // namespace

std::unique_ptr<Writer> make_junit_writer(const Options& options, std::string& out) {
  return std::make_unique<JunitWriter>(options, out);
}

}  // namespace sluice::report
