#include "validator/cli/run_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "validator/cli/documents.h"
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
    if (schema_path_.empty()) schema_path_ = beside_driver(driver_->schema);
    if (rules_path_.empty()) rules_path_ = beside_driver(driver_->rules);
    if (schema_path_.empty() && !rules_path_.empty()) return refuse(arguments, "--rules needs --schema");
    find_targets();
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
  driver_ = cli::load_driver(driver_path_, result);
  if (!driver_) {
    broken_.push_back(std::move(result));
    return true;
  }
  if (is_default) driver_->file = kDefaultDriver;
  std::string problem;
  builds_ = contract::select_builds(*driver_, build_names_, problem);
  return problem.empty() || refuse(arguments, problem);
}

std::string RunDocuments::beside_driver(const std::string& path) const {
  return path.empty() ? path : (fs::path(driver_path_).parent_path() / path).string();
}

// Empty where the document does not name it, or with `reason` filled.
std::string RunDocuments::find_file(const std::string& written, std::string_view what, std::string& reason) const {
  if (written.empty()) return "";
  std::error_code error;
  const fs::path path = builds_folder_.empty() ? fs::path(beside_driver(written)) : fs::path(builds_folder_) / written;
  if (!fs::is_regular_file(path, error)) reason = fmt::format("there is no {} '{}'", what, printable(written));
  return fs::absolute(path, error).string();
}

void RunDocuments::find_targets() {
  std::vector<run::TargetFiles> replicas;
  for (const std::size_t index : builds_) {
    const contract::Build& build = driver_->builds[index];
    std::string reason;
    const std::string replica = find_file(build.replica, "replica", reason);
    const std::string image = find_file(build.image, "image", reason);
    const std::string& written = build.adapter.empty() ? driver_->adapter : build.adapter;
    const std::string adapter = image.empty() ? "" : find_file(written, "adapter", reason);
    if (replica.empty() && image.empty()) reason = "the driver document names no replica and no image";
    if (!image.empty() && adapter.empty()) reason = "the driver document names an image and no adapter";
    targets_.push_back(image.empty() ? run::TargetFiles{replica, ""} : run::TargetFiles{adapter, image});
    const bool has_both = !image.empty() && !replica.empty();
    replicas_.push_back(has_both ? builds_.size() + replicas.size() : 0);
    if (has_both) replicas.push_back({replica, ""});
    no_target_.push_back(std::move(reason));
  }
  targets_.insert(targets_.end(), replicas.begin(), replicas.end());
}

std::vector<program::BuildFacts> RunDocuments::facts() const {
  std::vector<program::BuildFacts> facts;
  for (const std::size_t index : builds_) facts.push_back(driver_->builds[index].facts);
  return facts;
}

void RunDocuments::load_schema_and_rules() {
  if (schema_path_.empty()) return;
  FileResult result;
  schema_ = load_document(schema_path_, include_, result);
  if (!schema_) broken_.push_back(std::move(result));
  if (!schema_ || !driver_ || rules_path_.empty()) return;
  FileResult rules;
  if (!cli::load_rules(rules_path_, *schema_, facts(), rules)) broken_.push_back(std::move(rules));
}

void RunDocuments::load_events() {
  if (events_path_ == "auto") return;
  FileResult result;
  result.name = events_path_;
  result.is_document = true;
  result.verdict = Verdict::no_verdict;
  events_ = run::load_events(events_path_, result.findings);
  if (!events_) broken_.push_back(std::move(result));
}

void RunDocuments::compile() {
  if (!schema_) return;
  const schema::RuleBook& book = schema_->rules;
  const bool is_about_builds = book.uses || std::ranges::any_of(book.rules, &schema::Rule::names_build);
  if (is_about_builds) check_ = schema::compile(*schema_, {.builds = facts()});
  if (!book.uses) return;
  tree_ = schema::compile(*schema_, {.keep_everything = true, .builds = facts()});
  plan_ = difference::Plan::of(*schema_, *tree_);
}

report::Options RunDocuments::report_options() const {
  report::Options options;
  options.is_run = true;
  options.schema = schema_ ? schema_->id : "driver";
  for (std::size_t i = 0; driver_ && i < driver_->builds.size(); ++i) {
    const contract::Build& build = driver_->builds[i];
    const bool is_run = std::ranges::find(builds_, i) != builds_.end();
    if (!is_run && build.support != contract::Support::ended) options.left_out.push_back(build.facts.name);
  }
  return options;
}

std::vector<std::string> RunDocuments::source_folders() const {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  return {here.string(), fs::absolute(fs::path(driver_path_).parent_path(), error).lexically_normal().string()};
}

}  // namespace sluice::cli
