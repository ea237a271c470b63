#include "validator/gate/documents.h"

#include <fmt/format.h>

#include "validator/contract/driver.h"
#include "validator/judge/documents.h"
#include "validator/run/process.h"
#include "validator/schema/compile.h"
#include "validator/store/digest.h"

namespace sluice::gate {

namespace {

using report::FileResult;

// Of the form of what is remembered, and of what it means.
constexpr std::uint64_t kForm = 1;

std::string exact(const std::map<Integer, Integer>& numbers) {
  std::string text;
  for (const auto& [key, value] : numbers) text += fmt::format("{}:{},", to_string(key), to_string(value));
  return text;
}

}  // namespace

Documents::Documents(const std::string& path, suppression::Date today) {
  std::string reason;
  FileResult result;
  result.name = path;
  result.is_document = true;
  (void)inputs_.take("release", path, reason);
  release_ = load_release(path, result.findings);
  if (!release_) {
    result.verdict = Verdict::no_verdict;
    broken_.push_back(std::move(result));
    return;
  }
  const bool has_driver = load(release_->driver, "driver document", [&](FileResult& of) {
    driver_ = judge::load_driver(release_->driver, of);
    return driver_.has_value();
  });
  if (has_driver) fit();
  if (!load_suppressions(today) || !load_events() || !has_driver || !load_language() || !broken_.empty()) return;
  targets_ = judge::find_targets(*driver_, release_->driver, builds_, release_->builds);
  const auto builds = judge::facts_of(*driver_, builds_);
  check_ = schema::compile(*schema_, {.builds = builds});
  tree_ = judge::TreeProgram::of(*schema_, builds);
  take_targets();
  take_programs();
}

template <typename Load>
bool Documents::load(const std::string& path, std::string_view role, const Load& load) {
  std::string reason;
  FileResult result;
  // What cannot be read is told by whoever loads it.
  (void)inputs_.take(role, path, reason);
  if (load(result)) return true;
  broken_.push_back(std::move(result));
  return false;
}

bool Documents::load_language() {
  schema_path_ = release_->schema.empty() ? judge::beside(release_->driver, driver_->schema) : release_->schema;
  rules_path_ = release_->rules.empty() ? judge::beside(release_->driver, driver_->rules) : release_->rules;
  if (schema_path_.empty()) {
    refuse(FindingId::bad_release, "`schema` is missing, and the driver document names none");
    return false;
  }
  const bool has_schema = load(schema_path_, "schema", [&](FileResult& of) {
    schema_ = judge::load_document(schema_path_, release_->include, of);
    return schema_.has_value();
  });
  if (!has_schema) return false;
  std::string reason;
  for (const std::string& file : schema_->files) {
    if (!inputs_.take("schema", file, reason)) refuse(FindingId::input_unreadable, file + ": " + reason);
  }
  if (rules_path_.empty()) return true;
  return load(rules_path_, "rules", [&](FileResult& of) {
    return judge::load_rules(rules_path_, *schema_, judge::facts_of(*driver_, builds_), of);
  });
}

bool Documents::load_suppressions(suppression::Date today) {
  const std::string& path = release_->suppressions;
  if (path.empty()) return true;
  const bool is_loaded = load(path, "suppressions", [&](FileResult& of) {
    list_ = judge::load_suppressions(path, of);
    return list_.has_value();
  });
  if (is_loaded) matcher_ = std::make_unique<suppression::Matcher>(*list_, today);
  return is_loaded;
}

bool Documents::load_events() {
  const std::string& path = release_->events;
  if (path.empty()) return true;
  return load(path, "events", [&](FileResult& of) {
    events_ = judge::load_events(path, of);
    return events_.has_value();
  });
}

// What the release says of builds, and those of the driver document.
void Documents::fit() {
  std::string problem;
  builds_ = contract::select_builds(*driver_, {}, problem);
  if (!problem.empty()) refuse(FindingId::bad_release, problem);
  if (release_->policy.require.empty()) return;
  (void)contract::select_builds(*driver_, release_->policy.require, problem);
  if (!problem.empty()) refuse(FindingId::bad_release, "`policy/require`: " + problem);
}

void Documents::refuse(FindingId id, const std::string& reason) {
  FileResult result;
  result.name = release_->file;
  result.is_document = true;
  result.verdict = Verdict::no_verdict;
  Finding finding = Finding::of(id).with("reason", reason);
  finding.file = release_->file;
  result.findings.push_back(std::move(finding));
  broken_.push_back(std::move(result));
}

// One that is not there shows when it is to be run, as what it is.
void Documents::take_targets() {
  std::string reason;
  for (const run::TargetFiles& target : targets_.files) {
    if (!target.image.empty()) {
      (void)inputs_.take("adapter", target.path, reason);
      (void)inputs_.take("image", target.image, reason);
    } else if (!target.path.empty()) {
      (void)inputs_.take("replica", target.path, reason);
    }
  }
}

void Documents::take_programs() {
  std::string reason;
  std::vector<std::string> paths = {"/proc/self/exe"};
  const std::string worker = run::program_beside("SLUICE_RUN", "sluice-run");
  if (policy().run) paths.insert(paths.end(), {worker, worker + "-asan"});
  for (const std::string& path : paths) (void)inputs_.take("sluice", path, reason);
  if (policy().fuzz) (void)inputs_.take("fuzzer", run::program_beside("SLUICE_FUZZ", "sluice-fuzz"), reason);
}

report::Options Documents::report_options() const {
  report::Options options;
  options.is_gate = true;
  options.is_run = release_ && release_->policy.run;
  options.schema = schema_ ? schema_->id : "release";
  if (schema_) options.rules = judge::vendor_rules(*schema_);
  options.has_suppressions = list_.has_value();
  return options;
}

std::string Documents::digest_of_language() const {
  store::Digest digest;
  digest.add("form", kForm);
  for (const Input& input : inputs_.all()) {
    if (input.role == "schema" || input.role == "rules" || input.role == "sluice") digest.add(input.role, input.sha256);
  }
  return digest.hex();
}

std::string Documents::digest_of(std::size_t place) const {
  store::Digest digest;
  digest.add("language", digest_of_language());
  const program::BuildFacts& build = facts(place);
  digest.add("name", build.name).add("support", build.support);
  digest.add("defines", exact(build.defines)).add("supplies", exact(build.supplies));
  for (const auto& [name, value] : build.caps) digest.add("cap " + name, to_string(value));
  digest.add("events", inputs_.digest_of(release_->events));
  digest.add("no target", targets_.no_target[place]);
  const auto add_target = [&](const run::TargetFiles& files) {
    digest.add("target", inputs_.digest_of(files.path));
    digest.add("image", inputs_.digest_of(files.image));
  };
  add_target(targets_.files[place]);
  if (targets_.replicas[place] != 0) add_target(targets_.files[targets_.replicas[place]]);
  return digest.hex();
}

}  // namespace sluice::gate
