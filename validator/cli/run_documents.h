// The documents that `run` goes by: a driver, and what it may name besides.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "validator/cli/arguments.h"
#include "validator/cli/reporting.h"
#include "validator/contract/driver.h"
#include "validator/judge/programs.h"
#include "validator/judge/targets.h"
#include "validator/program/program.h"
#include "validator/run/events_file.h"
#include "validator/run/worker.h"
#include "validator/schema/schema.h"

namespace sluice::cli {

class RunDocuments {
 public:
  // Adds --driver, --builds, --build, --schema, --include, --rules and --events.
  void declare(Arguments& arguments);
  // The same without --events: whoever fuzzes makes them.
  void declare_for_fuzzing(Arguments& arguments);

  // Reads them all. False: the arguments do not fit together and the reason was printed; the exit code is 2. A document
  // that cannot be used is one of `broken()`.
  [[nodiscard]] bool load(const Arguments& arguments);
  [[nodiscard]] const std::vector<report::FileResult>& broken() const { return broken_; }

  // The rest is for when none is broken.

  [[nodiscard]] report::Options report_options() const;
  [[nodiscard]] const contract::Driver& driver() const { return *driver_; }
  [[nodiscard]] const std::vector<std::size_t>& builds() const { return builds_; }
  // What runs each of the builds, and behind all of these the replicas of those that are images.
  [[nodiscard]] const std::vector<run::TargetFiles>& targets() const { return targets_.files; }
  // Of each of the builds: where the replica of its image is among the targets; 0: there is none to compare with.
  [[nodiscard]] const std::vector<std::size_t>& replicas() const { return targets_.replicas; }
  // Why there is nothing to run, or empty.
  [[nodiscard]] const std::vector<std::string>& no_target() const { return targets_.no_target; }
  // Null: what the validator accepts for a build is not known, as there are no rules about builds.
  [[nodiscard]] const program::Program* check_program() const { return check_ ? &*check_ : nullptr; }
  // Null both, or none: the rules do not say what content uses.
  [[nodiscard]] const program::Program* tree_program() const { return tree_ ? &tree_->program : nullptr; }
  [[nodiscard]] const difference::Plan* plan() const { return tree_ ? &tree_->plan : nullptr; }
  // Null: events are made.
  [[nodiscard]] const run::EventsFile* events() const { return events_ ? &*events_ : nullptr; }
  // Paths for a helper that reads the documents again; empty: there is none.
  [[nodiscard]] const std::string& driver_path() const { return driver_path_; }
  [[nodiscard]] const std::string& builds_folder() const { return builds_folder_; }
  [[nodiscard]] const std::string& schema_path() const { return schema_path_; }
  [[nodiscard]] const std::string& rules_path() const { return rules_path_; }
  [[nodiscard]] const std::vector<std::string>& include() const { return include_; }
  // Folders that names of sources begin behind.
  [[nodiscard]] std::vector<std::string> source_folders() const;

 private:
  [[nodiscard]] bool load_driver(const Arguments& arguments);
  void load_schema_and_rules();
  void load_events();
  void compile();

  std::string driver_path_;
  std::string builds_folder_;
  std::string schema_path_;
  std::string rules_path_;
  std::string events_path_ = "auto";
  std::vector<std::string> include_;
  std::vector<std::string> build_names_;

  std::vector<report::FileResult> broken_;
  std::optional<contract::Driver> driver_;
  std::vector<std::size_t> builds_;
  judge::Targets targets_;
  std::optional<schema::Schema> schema_;
  std::optional<program::Program> check_;
  std::optional<judge::TreeProgram> tree_;
  std::optional<run::EventsFile> events_;
};

}  // namespace sluice::cli
