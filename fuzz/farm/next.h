// What to do in the morning: sentences, with commands that can be copied as they are.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fuzz/farm/lanes.h"
#include "fuzz/farm/records.h"

namespace sluice::farm {

struct Step {
  std::string what;     // a sentence
  std::string command;  // for a shell; empty: none
};

// The documents of each target, by its name: what commands about it name.
struct Documents {
  std::string driver;
  std::string schema;
  std::string rules;          // empty: none
  std::string builds_folder;  // empty: beside the driver document
  std::vector<std::string> include;
};
using TargetDocuments = std::map<std::string, Documents>;
[[nodiscard]] TargetDocuments documents_of(const Lanes& lanes);

// The most urgent first, a few of each kind. A target without documents has no commands. Nothing is opened.
[[nodiscard]] std::vector<Step> next_steps(const std::string& farm_document, const std::string& folder,
                                           const TargetDocuments& documents, const Records& records);

}  // namespace sluice::farm
