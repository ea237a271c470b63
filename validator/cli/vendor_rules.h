// The rules of a vendor's rules document, for the commands that tell of findings.
#pragma once

#include <string>
#include <vector>

#include "validator/cli/arguments.h"
#include "validator/report/writer.h"

namespace sluice::cli {

class VendorRules {
 public:
  // Adds --rules, --schema and --include.
  void declare(Arguments& arguments);

  // After the arguments were parsed. False: the document, or the schema that it is for, cannot be used; why was
  // printed.
  [[nodiscard]] bool load();

  [[nodiscard]] bool is_given() const { return !rules_path_.empty(); }
  [[nodiscard]] const std::vector<report::VendorRule>& rules() const { return rules_; }

 private:
  // The schema that the document is for, beside it: `channel.ksy` for `format: channel`.
  [[nodiscard]] std::string schema_beside() const;

  std::string rules_path_;
  std::string schema_path_;
  std::vector<std::string> include_;
  std::vector<report::VendorRule> rules_;
};

}  // namespace sluice::cli
