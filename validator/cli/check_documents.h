// The documents that `check` judges by, and how they fit together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "validator/cli/arguments.h"
#include "validator/cli/reporting.h"
#include "validator/contract/driver.h"
#include "validator/program/program.h"
#include "validator/schema/schema.h"
#include "validator/suppression/suppression.h"

namespace sluice::cli {

class CheckDocuments {
 public:
  // Adds --schema, --include, --allow, --rules, --driver, --build, --suppress and --today.
  void declare(Arguments& arguments);

  // Reads them all. `has_content`: there is something else than the driver to judge. False: the arguments do not fit
  // together and the reason was printed; the exit code is 2. A document that cannot be used is one of `broken()`.
  [[nodiscard]] bool load(const Arguments& arguments, bool has_content);
  [[nodiscard]] const std::vector<report::FileResult>& broken() const { return broken_; }

  // The rest is for when none is broken.

  [[nodiscard]] report::Options report_options() const;
  [[nodiscard]] program::Program compile() const;
  [[nodiscard]] program::Program compile_tree() const;  // with everything kept

  [[nodiscard]] const contract::Driver* driver() const { return driver_ ? &*driver_ : nullptr; }
  [[nodiscard]] const std::vector<std::size_t>& builds() const { return builds_; }
  [[nodiscard]] const suppression::Suppressions* suppressions() const { return list_ ? &*list_ : nullptr; }
  [[nodiscard]] suppression::Matcher* matcher() const { return matcher_.get(); }

  // The judgement on the driver document itself. Beside content its findings are warnings: they are the driver's
  // defects, and what the file uses of them is found in the file.
  [[nodiscard]] std::optional<report::FileResult> judge_driver(const Reporting& reporting, bool has_content) const;

  // After all files: entries of the suppressions document that are stale or expired.
  [[nodiscard]] std::optional<report::FileResult> review_suppressions(const Reporting& reporting) const;

 private:
  [[nodiscard]] bool fits(const Arguments& arguments, bool has_content) const;
  [[nodiscard]] bool load_driver(const Arguments& arguments);
  [[nodiscard]] bool load_suppressions(const Arguments& arguments);
  [[nodiscard]] bool load_schema_and_rules(const Arguments& arguments);
  [[nodiscard]] std::vector<program::BuildFacts> facts() const;

  std::string schema_path_;
  std::string rules_path_;
  std::string driver_path_;
  std::string suppressions_path_;
  std::string today_;
  std::vector<std::string> include_;
  std::vector<std::string> allow_;
  std::vector<std::string> build_names_;

  std::vector<report::FileResult> broken_;
  std::optional<schema::Schema> schema_;
  std::optional<contract::Driver> driver_;
  std::vector<std::size_t> builds_;
  std::optional<suppression::Suppressions> list_;
  std::unique_ptr<suppression::Matcher> matcher_;
};

}  // namespace sluice::cli
