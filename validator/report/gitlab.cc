// GitLab Code Quality: one array; GitLab drops an item that lacks any of these members.
#include <fmt/core.h>

#include <map>

#include "validator/report/escape.h"
#include "validator/report/json_writer.h"
#include "validator/report/writers.h"

namespace sluice::report {

namespace {

std::string_view severity_word(const FileResult& result, const Finding& finding) {
  if (result.verdict == Verdict::no_verdict && is_no_verdict(finding.id)) return "blocker";
  switch (finding.severity) {
    case Severity::note: return "info";
    case Severity::warning: return "minor";
    case Severity::error: return "critical";
  }
  return "blocker";
}

class GitlabWriter final : public Writer {
 public:
  explicit GitlabWriter(std::string& out) : json_(out) { json_.begin_array(); }

  void file(const FileResult& result) override {
    occurrences_.clear();
    for (const Finding& finding : result.findings) write_issue(result, finding);
  }

  void finish(const Totals&) override { json_.end(); }

 private:
  void write_issue(const FileResult& result, const Finding& finding) {
    const std::uint64_t occurrence = ++occurrences_[fingerprint(finding, 0)];
    json_.begin_object();
    json_.string("description", fmt::format("{}: {}", kind_of(finding.id).title, one_line(finding)));
    json_.string("check_name", shown_id(finding));
    json_.string("fingerprint", fingerprint(finding, occurrence));
    json_.string("severity", severity_word(result, finding));
    json_.begin_object("location");
    json_.string("path", finding.file.empty() ? result.name : finding.file);
    json_.begin_object("lines", JsonWriter::Shape::tight);
    json_.number("begin", finding.text.value_or(TextPlace{}).line);
    json_.end();
    json_.end();
    json_.end();
  }

  JsonWriter json_;
  std::map<std::string, std::uint64_t> occurrences_;  // in the file at hand
};

}  // namespace

std::unique_ptr<Writer> make_gitlab_writer(const Options&, std::string& out) {
  return std::make_unique<GitlabWriter>(out);
}

}  // namespace sluice::report
