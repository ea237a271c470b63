// sluice schema check: here the schema is what is judged, so a bad one is a FAIL.
#include <algorithm>

#include "validator/cli/command.h"
#include "validator/cli/reporting.h"
#include "validator/judge/collect.h"
#include "validator/judge/documents.h"

namespace sluice::cli {

namespace {

void judge(const judge::Item& item, const std::vector<std::string>& include, Reporting& reporting) {
  report::FileResult result;
  if (item.problem.empty()) {
    (void)judge::load_document(item.name, include, result);
  } else {
    result.name = item.name;
    const FindingId id = item.is_unreadable ? FindingId::input_unreadable : FindingId::nothing_to_check;
    result.findings.push_back(Finding::of(id).with("reason", item.problem));
    result.findings.back().file = item.name;
  }
  std::optional<Severity> worst;
  bool was_unreadable = false;
  for (const Finding& finding : result.findings) {
    worst = std::max(worst.value_or(Severity::note), finding.severity);
    was_unreadable |= finding.id == FindingId::input_unreadable || finding.id == FindingId::nothing_to_check;
  }
  result.verdict = reporting.threshold().verdict_of(worst, was_unreadable);
  reporting.add(result);
}

}  // namespace

int run_schema_check(Arguments& arguments) {
  std::vector<std::string> paths;
  std::vector<std::string> include;
  Reporting reporting;
  arguments.positionals("PATH", paths, "Schemas, and directories whose *.ksy are");
  arguments.texts("-I,--include", include, "DIR", "Where imports are looked for");
  reporting.declare(arguments);
  if (!arguments.parse()) return arguments.exit_code();

  std::vector<std::string> skipped;
  const std::vector<judge::Item> items = judge::collect(paths, ".ksy", skipped);
  if (!reporting.begin(arguments, {.schema = "schema"}, items.size())) return static_cast<int>(Verdict::no_verdict);
  for (const std::string& link : skipped) complain(link + ": a link to a directory, not followed");
  for (const judge::Item& item : items) judge(item, include, reporting);
  return reporting.finish();
}

}  // namespace sluice::cli
