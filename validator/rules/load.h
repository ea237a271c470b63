// Rules documents: what relates one part of a content file to another, and the file to each driver build. The language
// is docs/rules.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "validator/program/builds.h"
#include "validator/schema/load.h"
#include "validator/schema/schema.h"

namespace sluice::rules {

// Reads `path` into `schema.rules`. False if any problem is an error; `schema.rules` is then not to be used. `builds`
// are those that the rules will be judged for: each must have every cap that a rule names.
//
// Success means that every name and type in the document is right; not that a rule says what its author meant.
[[nodiscard]] bool load_rules(const std::filesystem::path& path, schema::Schema& schema,
                              const std::vector<program::BuildFacts>& builds, std::vector<schema::Problem>& problems);

// The same from memory.
[[nodiscard]] bool load_rules_text(std::string name, std::string text, schema::Schema& schema,
                                   const std::vector<program::BuildFacts>& builds,
                                   std::vector<schema::Problem>& problems);

}  // namespace sluice::rules
