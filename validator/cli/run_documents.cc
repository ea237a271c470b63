#include "validator/cli/run_documents.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "validator/judge/documents.h"
#include "validator/run/process.h"
#include "validator/schema/compile.h"

namespace sluice::cli {

namespace {

namespace fs = std::filesystem;
using report::FileResult;

// The reference sensor, which the build puts beside sluice.
constexpr std::string_view kDefaultDriver = "sensor/sensor.driver.yaml";

bool refuse(const Arguments& arguments, std::string_view problem) {
  (void)arguments.refuse(problem);
  return false;
}

}  // namespace

void RunDocuments::declare(Arguments& arguments) {
  declare_for_fuzzing(arguments);
  arguments.text("--events", events_path_, "auto|FILE",
                 "Events made for the content, or those of a file (default: auto)");
}

void RunDocuments::declare_for_fuzzing(Arguments& arguments) {
  arguments.text("-d,--driver", driver_path_, "FILE",
                 "The .driver.yaml with the builds and what runs them (default: the reference sensor)");
  arguments.text("--builds", builds_folder_, "DIR",
                 "Where replicas and images are (default: beside the driver document)");
  arguments.texts("-b,--build", build_names_, "NAME", "Run this build only; may be repeated");
  arguments.text("-s,--schema", schema_path_, "FILE", "The .ksy that says what the bytes mean (default: the driver's)");
  arguments.texts("-I,--include", include_, "DIR", "Where the schema's imports are looked for");
  arguments.text("-r,--rules", rules_path_, "FILE",
                 "The .rules.yaml that says by `uses` what events come to (default: the driver's)");
}

bool RunDocuments::load(const Arguments& arguments) {
  if (!load_driver(arguments)) return false;
  if (driver_) {
    if (schema_path_.empty()) schema_path_ = judge::beside(driver_path_, driver_->schema);
    if (rules_path_.empty()) rules_path_ = judge::beside(driver_path_, driver_->rules);
    if (schema_path_.empty() && !rules_path_.empty()) return refuse(arguments, "--rules needs --schema");
    targets_ = judge::find_targets(*driver_, driver_path_, builds_, builds_folder_);
  }
  load_schema_and_rules();
  load_events();
  if (broken_.empty()) compile();
  return true;
}

bool RunDocuments::load_driver(const Arguments& arguments) {
  const bool is_default = driver_path_.empty();
  if (is_default) {
    driver_path_ = fmt::format("{}/{}", run::folder_of_this_program(), kDefaultDriver);
    std::error_code error;
    if (!fs::exists(driver_path_, error)) {
      return refuse(arguments, "--driver is required: the reference sensor is not beside this program");
    }
  }
  FileResult result;
  driver_ = judge::load_driver(driver_path_, result);
  if (!driver_) {
    broken_.push_back(std::move(result));
    return true;
  }
  if (is_default) driver_->file = kDefaultDriver;
  std::string problem;
  builds_ = contract::select_builds(*driver_, build_names_, problem);
  return problem.empty() || refuse(arguments, problem);
}

void RunDocuments::load_schema_and_rules() {
  if (schema_path_.empty()) return;
  FileResult result;
  schema_ = judge::load_document(schema_path_, include_, result);
  if (!schema_) broken_.push_back(std::move(result));
  if (!schema_ || !driver_ || rules_path_.empty()) return;
  FileResult rules;
  if (!judge::load_rules(rules_path_, *schema_, judge::facts_of(*driver_, builds_), rules))
    broken_.push_back(std::move(rules));
}

void RunDocuments::load_events() {
  if (events_path_ == "auto") return;
  FileResult result;
  events_ = judge::load_events(events_path_, result);
  if (!events_) broken_.push_back(std::move(result));
}

void RunDocuments::compile() {
  if (!schema_) return;
  const auto builds = judge::facts_of(*driver_, builds_);
  if (judge::says_something_of_builds(*schema_)) check_ = schema::compile(*schema_, {.builds = builds});
  if (schema_->rules.uses) tree_ = judge::TreeProgram::of(*schema_, builds);
}

report::Options RunDocuments::report_options() const {
  report::Options options;
  options.is_run = true;
  options.schema = schema_ ? schema_->id : "driver";
  if (driver_) options.left_out = judge::left_out(*driver_, builds_);
  return options;
}

std::vector<std::string> RunDocuments::source_folders() const { return judge::source_folders(driver_path_); }

}  // namespace sluice::cli
