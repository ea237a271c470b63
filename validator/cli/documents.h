// Schemas as the command line meets them: what is wrong with one becomes findings like any other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validator/report/model.h"
#include "validator/schema/load.h"

namespace sluice::cli {

// Reads a schema. `result` gets everything that is wrong with it, warnings too, and its verdict: NO VERDICT without a
// schema, PASS otherwise.
[[nodiscard]] std::optional<schema::Schema> load_document(const std::string& path,
                                                          const std::vector<std::string>& include,
                                                          report::FileResult& result);

}  // namespace sluice::cli
