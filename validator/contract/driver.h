// A driver document: the builds in the field, how each is run, and its contract. docs/contracts.md is the language.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validator/document/document.h"
#include "validator/finding/finding.h"
#include "validator/program/builds.h"

namespace sluice::contract {

enum class Support : std::uint8_t {
  fielded,
  canary,
  ended,  // gone from the field: nothing is judged for it
};

[[nodiscard]] std::string_view name_of(Support support);

struct Build {
  program::BuildFacts facts;
  Support support = Support::fielded;
  // How it is run, paths as written; empty where not given. A build without an adapter has the driver's.
  std::string image;
  std::string replica;
  std::string adapter;

  document::Mark mark;                                 // of its name
  std::map<Integer, document::Mark> supply_marks;      // where it says how many inputs it supplies, ..
  std::map<Integer, document::Mark> definition_marks;  // .. and defines
};

struct Driver {
  std::string file;  // the path as given
  std::string text;  // of the document, for the line under a caret
  std::string name;
  std::string adapter;
  // What its content is judged by where a command is told nothing else, paths as written; empty where not given.
  std::string schema;
  std::string rules;
  std::vector<Build> builds;  // at least one; in the order of the document, which is that of their releases
};

// Reads a driver document. On failure returns empty; `problems` then has every independent mistake as a finding
// (SL0501, SL0506) at its line and column.
[[nodiscard]] std::optional<Driver> load_driver(const std::string& path, std::vector<Finding>& problems);

// The same from memory.
[[nodiscard]] std::optional<Driver> load_driver_text(std::string name, std::string text,
                                                     std::vector<Finding>& problems);

// The builds to judge, by their index in `driver.builds`: those in `names`, or all, in the document's order; never one
// whose support has ended. Empty with `problem` filled: a name is unknown or of a build that has ended, or none is
// left.
[[nodiscard]] std::vector<std::size_t> select_builds(const Driver& driver, const std::vector<std::string>& names,
                                                     std::string& problem);

// What can be said of the driver without any content: SL0302 where one of the builds `chosen` supplies another number
// of inputs than it defines.
[[nodiscard]] std::vector<Finding> judge_driver(const Driver& driver, const std::vector<std::size_t>& chosen);

}  // namespace sluice::contract
