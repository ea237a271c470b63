// What a release is judged by: its documents, read once, and everything that a verdict depends on, by digest.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "validator/contract/driver.h"
#include "validator/gate/inputs.h"
#include "validator/gate/release.h"
#include "validator/judge/programs.h"
#include "validator/judge/targets.h"
#include "validator/report/writer.h"
#include "validator/run/events_file.h"
#include "validator/suppression/suppression.h"

namespace sluice::gate {

class Documents {
 public:
  // Reads the release at `path` and what it names. Documents that cannot be used, or do not fit together, are
  // `broken()`; then nothing else may be asked for.
  Documents(const std::string& path, suppression::Date today);

  [[nodiscard]] const std::vector<report::FileResult>& broken() const { return broken_; }

  [[nodiscard]] const Release& release() const { return *release_; }
  [[nodiscard]] const Policy& policy() const { return release_->policy; }
  [[nodiscard]] const contract::Driver& driver() const { return *driver_; }
  // All that are supported, by their index in the driver.
  [[nodiscard]] const std::vector<std::size_t>& builds() const { return builds_; }
  [[nodiscard]] const program::BuildFacts& facts(std::size_t place) const {
    return driver_->builds[builds_[place]].facts;
  }
  [[nodiscard]] const judge::Targets& targets() const { return targets_; }
  [[nodiscard]] const schema::Schema& schema() const { return *schema_; }
  [[nodiscard]] const program::Program& check_program() const { return *check_; }
  [[nodiscard]] const judge::TreeProgram& tree() const { return *tree_; }
  [[nodiscard]] bool has_uses() const { return schema_->rules.uses.has_value(); }
  // Null: events are made.
  [[nodiscard]] const run::EventsFile* events() const { return events_ ? &*events_ : nullptr; }
  [[nodiscard]] const suppression::Suppressions* suppressions() const { return list_ ? &*list_ : nullptr; }
  [[nodiscard]] suppression::Matcher* matcher() const { return matcher_.get(); }
  [[nodiscard]] const std::string& schema_path() const { return schema_path_; }
  [[nodiscard]] const std::string& rules_path() const { return rules_path_; }

  [[nodiscard]] report::Options report_options() const;

  // Every file that a verdict depends on besides the content.
  [[nodiscard]] const Inputs& inputs() const { return inputs_; }
  // What results of the `place`-th build depend on besides the content: schema, rules, what the driver document says of
  // the build, what runs it, and the programs of sluice.
  [[nodiscard]] std::string digest_of(std::size_t place) const;
  // What sluice judges content by whatever the build: schema and rules.
  [[nodiscard]] std::string digest_of_language() const;

 private:
  template <typename Load>
  bool load(const std::string& path, std::string_view role, const Load& load);
  bool load_language();
  bool load_suppressions(suppression::Date today);
  bool load_events();
  void fit();
  void refuse(FindingId id, const std::string& reason);
  void take_targets();
  void take_programs();

  std::vector<report::FileResult> broken_;
  std::optional<Release> release_;
  std::optional<contract::Driver> driver_;
  std::vector<std::size_t> builds_;
  judge::Targets targets_;
  std::string schema_path_;
  std::string rules_path_;
  std::optional<schema::Schema> schema_;
  std::optional<program::Program> check_;
  std::optional<judge::TreeProgram> tree_;
  std::optional<run::EventsFile> events_;
  std::optional<suppression::Suppressions> list_;
  std::unique_ptr<suppression::Matcher> matcher_;
  Inputs inputs_;
};

}  // namespace sluice::gate
