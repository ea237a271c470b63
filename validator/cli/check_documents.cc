#include "validator/cli/check_documents.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/cli/clock.h"
#include "validator/judge/beside.h"
#include "validator/judge/documents.h"
#include "validator/judge/programs.h"
#include "validator/schema/compile.h"

namespace sluice::cli {

namespace {

using report::FileResult;

// False: a name that is none.
bool allowances(const std::vector<std::string>& names, schema::Allowances& allow) {
  for (const std::string& name : names) {
    if (name == "trailing-bytes") {
      allow.trailing_bytes = true;
    } else if (name == "overlap") {
      allow.overlap = true;
    } else if (name == "unknown-enum") {
      allow.unknown_enum = true;
    } else if (name == "unmatched-switch") {
      allow.unmatched_switch = true;
    } else {
      return false;
    }
  }
  return true;
}

bool refuse(const Arguments& arguments, std::string_view problem) {
  (void)arguments.refuse(problem);
  return false;
}

}  // namespace

void CheckDocuments::declare(Arguments& arguments) {
  arguments.text("-s,--schema", schema_path_, "FILE", "The .ksy that says what the bytes mean");
  arguments.texts("-I,--include", include_, "DIR", "Where the schema's imports are looked for");
  arguments.texts("--allow", allow_, "NAME",
                  "What is no finding: trailing-bytes, overlap, unknown-enum or unmatched-switch");
  arguments.text("-r,--rules", rules_path_, "FILE", "The .rules.yaml that relates one part of a file to another");
  arguments.text("-d,--driver", driver_path_, "FILE", "The .driver.yaml with the builds in the field");
  arguments.texts("-b,--build", build_names_, "NAME", "Judge for this build only; may be repeated");
  arguments.text("--suppress", suppressions_path_, "FILE", "The .suppressions.yaml with findings that are accepted");
  arguments.text("--today", today_, "YYYY-MM-DD", "The day that review dates are compared with (default: UTC)");
}

bool CheckDocuments::fits(const Arguments& arguments, bool has_content) const {
  schema::Allowances allow;
  if (!allowances(allow_, allow)) {
    return refuse(arguments, "--allow takes trailing-bytes, overlap, unknown-enum or unmatched-switch");
  }
  if (!build_names_.empty() && driver_path_.empty()) return refuse(arguments, "--build needs --driver");
  if (!today_.empty() && suppressions_path_.empty()) return refuse(arguments, "--today needs --suppress");
  if (!today_.empty() && !suppression::parse_date(today_)) {
    return refuse(arguments, fmt::format("--today: '{}' is no day as 2026-12-31", printable(today_)));
  }
  if (has_content) {
    if (schema_path_.empty()) return refuse(arguments, "--schema is required");
    if (!driver_path_.empty() && rules_path_.empty()) {
      return refuse(arguments, "--driver needs --rules: a schema does not say what content needs of a build");
    }
    return true;
  }
  if (driver_path_.empty()) return refuse(arguments, "PATH is required: content files, or --driver alone");
  for (const auto& [name, path] : {std::pair("--schema", &schema_path_), std::pair("--rules", &rules_path_)}) {
    if (!path->empty()) return refuse(arguments, fmt::format("{} needs content files", name));
  }
  return true;
}

bool CheckDocuments::load(const Arguments& arguments, bool has_content) {
  if (!fits(arguments, has_content)) return false;
  if (!load_driver(arguments) || !load_suppressions(arguments)) return false;
  return !has_content || load_schema_and_rules(arguments);
}

bool CheckDocuments::load_driver(const Arguments& arguments) {
  if (driver_path_.empty()) return true;
  FileResult result;
  driver_ = judge::load_driver(driver_path_, result);
  if (!driver_) {
    broken_.push_back(std::move(result));
    return true;
  }
  std::string problem;
  builds_ = contract::select_builds(*driver_, build_names_, problem);
  return problem.empty() || refuse(arguments, problem);
}

bool CheckDocuments::load_suppressions(const Arguments&) {
  if (suppressions_path_.empty()) return true;
  FileResult result;
  list_ = judge::load_suppressions(suppressions_path_, result);
  if (!list_) {
    broken_.push_back(std::move(result));
    return true;
  }
  matcher_ = std::make_unique<suppression::Matcher>(*list_, suppression::parse_date(today_).value_or(utc_today()));
  return true;
}

bool CheckDocuments::load_schema_and_rules(const Arguments& arguments) {
  FileResult result;
  schema_ = judge::load_document(schema_path_, include_, result);
  if (!schema_) {
    broken_.insert(broken_.begin(), std::move(result));
    return true;
  }
  schema::Allowances allow;
  (void)allowances(allow_, allow);
  schema::relax(*schema_, allow);
  // Without the driver the caps that rules name cannot be looked up.
  if (rules_path_.empty() || (!driver_path_.empty() && !driver_)) return true;
  FileResult rules;
  if (!judge::load_rules(rules_path_, *schema_, facts(), rules)) {
    broken_.push_back(std::move(rules));
    return true;
  }
  if (driver_ && !judge::says_something_of_builds(*schema_)) {
    return refuse(arguments,
                  rules_path_ + " says nothing of builds (`uses`, or a rule with `build`): --driver is vain");
  }
  if (!driver_ && judge::says_something_of_builds(*schema_)) {
    complain(rules_path_ + ": what is about driver builds is not judged without --driver");
  }
  return true;
}

std::vector<program::BuildFacts> CheckDocuments::facts() const {
  return driver_ ? judge::facts_of(*driver_, builds_) : std::vector<program::BuildFacts>();
}

report::Options CheckDocuments::report_options() const {
  report::Options options;
  options.schema = schema_ ? schema_->id : schema_path_;
  if (schema_path_.empty()) options.schema = "driver";
  if (schema_) options.rules = judge::vendor_rules(*schema_);
  if (driver_) options.left_out = judge::left_out(*driver_, builds_);
  options.has_suppressions = list_.has_value();
  return options;
}

program::Program CheckDocuments::compile() const { return schema::compile(*schema_, {.builds = facts()}); }

program::Program CheckDocuments::compile_tree() const {
  return schema::compile(*schema_, {.keep_everything = true, .builds = facts()});
}

std::optional<FileResult> CheckDocuments::judge_driver(const Reporting& reporting, bool has_content) const {
  if (!driver_) return std::nullopt;
  return judge::judge_driver(*driver_, driver_path_, builds_, suppressions(), matcher(), reporting.threshold(),
                             has_content);
}

std::optional<FileResult> CheckDocuments::review_suppressions(const Reporting& reporting) const {
  return judge::review_suppressions(matcher(), suppressions_path_, reporting.threshold());
}

}  // namespace sluice::cli
