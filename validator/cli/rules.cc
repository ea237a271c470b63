// sluice rules list: the table of findings, and the rules of a rules document.
#include <fmt/core.h>

#include <algorithm>

#include "validator/cli/command.h"
#include "validator/cli/output.h"
#include "validator/cli/vendor_rules.h"
#include "validator/finding/finding.h"
#include "validator/report/json_writer.h"

namespace sluice::cli {

namespace {

std::string as_text(const std::vector<report::VendorRule>& rules) {
  std::string out;
  for (const report::VendorRule& rule : rules) {
    out += fmt::format("{:<32}  {:<7}  {}\n", rule.id, name_of(rule.severity), printable(rule.text, 200, Quotes::keep));
  }
  if (!rules.empty()) return out;
  for (const FindingKind& kind : all_finding_kinds()) {
    out += fmt::format("{}  {:<7}  {:<30}  {}\n", code_of(kind.id), name_of(kind.severity), kind.name, kind.title);
  }
  return out;
}

void write_rule(report::JsonWriter& json, const report::VendorRule& rule) {
  json.begin_object();
  json.string("id", rule.id);
  json.string("severity", name_of(rule.severity));
  json.string("condition", rule.text);
  json.string("help", rule.help);
  json.end();
}

void write_kind(report::JsonWriter& json, const FindingKind& kind) {
  json.begin_object();
  json.string("id", code_of(kind.id));
  json.string("name", kind.name);
  json.string("severity", name_of(kind.severity));
  json.string("title", kind.title);
  json.string("because", kind.because);
  json.string("help", kind.help);
  json.end();
}

std::string as_json(const std::vector<report::VendorRule>& rules) {
  std::string out;
  report::JsonWriter json(out);
  json.begin_array();
  for (const report::VendorRule& rule : rules) write_rule(json, rule);
  if (rules.empty()) {
    for (const FindingKind& kind : all_finding_kinds()) write_kind(json, kind);
  }
  json.end();
  return out;
}

}  // namespace

int run_rules_list(Arguments& arguments) {
  std::string format = "text";
  VendorRules vendor;
  arguments.choice("--format", format, {"text", "json"}, "Print as");
  vendor.declare(arguments);
  if (!arguments.parse()) return arguments.exit_code();
  if (!vendor.load()) return static_cast<int>(Verdict::no_verdict);
  if (vendor.is_given() && vendor.rules().empty()) complain("the document has no rules");
  if (vendor.is_given() && vendor.rules().empty()) return static_cast<int>(Verdict::no_verdict);
  return print(format == "json" ? as_json(vendor.rules()) : as_text(vendor.rules()));
}

}  // namespace sluice::cli
