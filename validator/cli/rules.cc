// sluice rules list: the table of findings.
#include <fmt/core.h>

#include "validator/cli/command.h"
#include "validator/cli/output.h"
#include "validator/finding/finding.h"
#include "validator/report/json_writer.h"

namespace sluice::cli {

namespace {

std::string as_text() {
  std::string out;
  for (const FindingKind& kind : all_finding_kinds()) {
    out += fmt::format("{}  {:<7}  {:<20}  {}\n", code_of(kind.id), name_of(kind.severity), kind.name, kind.title);
  }
  return out;
}

std::string as_json() {
  std::string out;
  report::JsonWriter json(out);
  json.begin_array();
  for (const FindingKind& kind : all_finding_kinds()) {
    json.begin_object();
    json.string("id", code_of(kind.id));
    json.string("name", kind.name);
    json.string("severity", name_of(kind.severity));
    json.string("title", kind.title);
    json.string("because", kind.because);
    json.string("help", kind.help);
    json.end();
  }
  json.end();
  return out;
}

}  // namespace

int run_rules_list(Arguments& arguments) {
  std::string format = "text";
  arguments.choice("--format", format, {"text", "json"}, "Print as");
  if (!arguments.parse()) return arguments.exit_code();
  return print(format == "json" ? as_json() : as_text());
}

}  // namespace sluice::cli
