// Documents as the command line meets them: what is wrong with one becomes findings like any other.
//
// Each function names the document in `result`, adds what is wrong with it, warnings too, and its verdict: NO VERDICT
// if it cannot be used, PASS otherwise.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validator/contract/driver.h"
#include "validator/report/writer.h"
#include "validator/run/events_file.h"
#include "validator/schema/load.h"
#include "validator/suppression/suppression.h"

namespace sluice::judge {

[[nodiscard]] std::optional<schema::Schema> load_document(const std::string& path,
                                                          const std::vector<std::string>& include,
                                                          report::FileResult& result);

// Fills `schema.rules`. `builds` are those that the rules will be judged for.
[[nodiscard]] bool load_rules(const std::string& path, schema::Schema& schema,
                              const std::vector<program::BuildFacts>& builds, report::FileResult& result);

[[nodiscard]] std::optional<contract::Driver> load_driver(const std::string& path, report::FileResult& result);

[[nodiscard]] std::optional<suppression::Suppressions> load_suppressions(const std::string& path,
                                                                         report::FileResult& result);

[[nodiscard]] std::optional<run::EventsFile> load_events(const std::string& path, report::FileResult& result);

// The rules of a schema as writers list them.
[[nodiscard]] std::vector<report::VendorRule> vendor_rules(const schema::Schema& schema);

}  // namespace sluice::judge
