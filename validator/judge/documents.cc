#include "validator/judge/documents.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "validator/rules/load.h"

namespace sluice::judge {

namespace {

// Why a document cannot be opened, or empty.
std::string why_unreadable(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::generic_category().message(errno);
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) != 0) return std::generic_category().message(errno);
  return {};
}

// `bad` is the finding for a document of this kind that is YAML and wrong.
FindingId id_of(const schema::Problem& problem, FindingId bad) {
  if (problem.is_warning) return FindingId::schema_advice;
  // A document that is not YAML has no tree to point into: the path is `line:column`.
  return !problem.path.empty() && problem.path.front() != '/' ? FindingId::bad_yaml : bad;
}

void add(const std::vector<schema::Problem>& problems, FindingId bad, report::FileResult& result) {
  for (const schema::Problem& problem : problems) {
    Finding finding = Finding::of(id_of(problem, bad)).with("reason", problem.message);
    finding.file = problem.file;
    if (finding.id != FindingId::bad_yaml) finding.path = problem.path;
    finding.text = TextPlace{problem.mark.line, problem.mark.column};
    finding.excerpt = problem.excerpt;
    result.findings.push_back(std::move(finding));
  }
}

// Names the document in `result`. False if it cannot even be opened, which is a finding then.
bool begin(const std::string& path, report::FileResult& result) {
  result.name = path;
  result.is_document = true;
  result.verdict = Verdict::no_verdict;
  std::string reason = why_unreadable(path);
  if (reason.empty()) return true;
  Finding finding = Finding::of(FindingId::input_unreadable).with("reason", std::move(reason));
  finding.file = path;
  result.findings.push_back(std::move(finding));
  return false;
}

}  // namespace

std::optional<schema::Schema> load_document(const std::string& path, const std::vector<std::string>& include,
                                            report::FileResult& result) {
  if (!begin(path, result)) return std::nullopt;
  schema::LoadOptions options;
  options.include.assign(include.begin(), include.end());
  std::vector<schema::Problem> problems;
  auto schema = schema::load_schema(path, options, problems);
  add(problems, FindingId::bad_schema, result);
  if (schema) result.verdict = Verdict::pass;
  return schema;
}

bool load_rules(const std::string& path, schema::Schema& schema, const std::vector<program::BuildFacts>& builds,
                report::FileResult& result) {
  if (!begin(path, result)) return false;
  std::vector<schema::Problem> problems;
  const bool is_loaded = rules::load_rules(path, schema, builds, problems);
  add(problems, FindingId::bad_rules, result);
  if (is_loaded) result.verdict = Verdict::pass;
  return is_loaded;
}

std::optional<contract::Driver> load_driver(const std::string& path, report::FileResult& result) {
  if (!begin(path, result)) return std::nullopt;
  auto driver = contract::load_driver(path, result.findings);
  if (driver) result.verdict = Verdict::pass;
  return driver;
}

std::optional<suppression::Suppressions> load_suppressions(const std::string& path, report::FileResult& result) {
  if (!begin(path, result)) return std::nullopt;
  auto suppressions = suppression::load_suppressions(path, result.findings);
  if (suppressions) result.verdict = Verdict::pass;
  return suppressions;
}

std::optional<run::EventsFile> load_events(const std::string& path, report::FileResult& result) {
  result.name = path;
  result.is_document = true;
  result.verdict = Verdict::no_verdict;
  auto events = run::load_events(path, result.findings);
  if (events) result.verdict = Verdict::pass;
  return events;
}

std::vector<report::VendorRule> vendor_rules(const schema::Schema& schema) {
  std::vector<report::VendorRule> rules;
  for (const schema::Rule& rule : schema.rules.rules) rules.push_back({rule.id, rule.severity, rule.text, rule.help});
  return rules;
}

}  // namespace sluice::judge
