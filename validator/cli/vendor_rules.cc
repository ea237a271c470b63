#include "validator/cli/vendor_rules.h"

#include <fmt/core.h>

#include <filesystem>

#include "validator/cli/output.h"
#include "validator/document/document.h"
#include "validator/judge/documents.h"

namespace sluice::cli {

namespace {

// Prints what is wrong with a document as `check` would.
void explain_failure(const report::FileResult& result) {
  for (const Finding& finding : result.findings) fmt::print(stderr, "{}\n", report::finding_text(finding));
}

}  // namespace

void VendorRules::declare(Arguments& arguments) {
  arguments.text("-r,--rules", rules_path_, "FILE", "The .rules.yaml whose rules are meant");
  arguments.text("-s,--schema", schema_path_, "FILE",
                 "The .ksy that the rules are for (default: FORMAT.ksy beside them)");
  arguments.texts("-I,--include", include_, "DIR", "Where the schema's imports are looked for");
}

std::string VendorRules::schema_beside() const {
  document::Problem problem;
  const auto document = document::load(rules_path_, problem);
  const document::Node* format = document ? document->root.find("format") : nullptr;
  // What is wrong with the document is told when it is read in earnest; that needs some schema.
  if (format == nullptr || !format->is_scalar() || format->text.find('/') != std::string::npos) return {};
  return (std::filesystem::path(rules_path_).parent_path() / (format->text + ".ksy")).string();
}

bool VendorRules::load() {
  if (!is_given()) return true;
  const std::string schema_path = schema_path_.empty() ? schema_beside() : schema_path_;
  if (schema_path.empty()) {
    complain(rules_path_ + ": cannot be read, or does not say its `format`; --schema names the schema");
    return false;
  }
  report::FileResult of_schema;
  report::FileResult of_rules;
  auto schema = judge::load_document(schema_path, include_, of_schema);
  if (!schema || !judge::load_rules(rules_path_, *schema, {}, of_rules)) {
    explain_failure(schema ? of_rules : of_schema);
    return false;
  }
  rules_ = judge::vendor_rules(*schema);
  return true;
}

}  // namespace sluice::cli
