#include "validator/cli/documents.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace sluice::cli {

namespace {

// Why a document cannot be opened, or empty.
std::string why_unreadable(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::generic_category().message(errno);
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) != 0) return std::generic_category().message(errno);
  return {};
}

FindingId id_of(const schema::Problem& problem) {
  if (problem.is_warning) return FindingId::schema_advice;
  // A document that is not YAML has no tree to point into: the path is `line:column`.
  return !problem.path.empty() && problem.path.front() != '/' ? FindingId::bad_yaml : FindingId::bad_schema;
}

Finding finding_of(const schema::Problem& problem) {
  Finding finding = Finding::of(id_of(problem));
  finding.file = problem.file;
  if (finding.id != FindingId::bad_yaml) finding.path = problem.path;
  finding.text = TextPlace{problem.mark.line, problem.mark.column};
  finding.excerpt = problem.excerpt;
  finding.with("reason", problem.message);
  return finding;
}

}  // namespace

std::optional<schema::Schema> load_document(const std::string& path, const std::vector<std::string>& include,
                                            report::FileResult& result) {
  result.name = path;
  result.is_document = true;
  result.verdict = Verdict::no_verdict;
  if (std::string reason = why_unreadable(path); !reason.empty()) {
    Finding finding = Finding::of(FindingId::input_unreadable).with("reason", std::move(reason));
    finding.file = path;
    result.findings.push_back(std::move(finding));
    return std::nullopt;
  }
  schema::LoadOptions options;
  options.include.assign(include.begin(), include.end());
  std::vector<schema::Problem> problems;
  auto schema = schema::load_schema(path, options, problems);
  for (const schema::Problem& problem : problems) result.findings.push_back(finding_of(problem));
  if (schema) result.verdict = Verdict::pass;
  return schema;
}

}  // namespace sluice::cli
