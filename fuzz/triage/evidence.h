// What the steps of triage hand on (pipeline.cc): groups of files, looked at, and made into causes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/cause/merge.h"
#include "fuzz/triage/digest.h"
#include "validator/finding/finding.h"

namespace sluice::triage {

// Files that fault at one place of one build.
struct Group {
  std::size_t build = 0;
  engine::Fault fault{};           // of the first
  std::vector<std::size_t> files;  // by their numbers; those that faulted at once first, the smallest before others
  std::vector<std::size_t> silent = {};  // that a campaign saw here, and that do not fault alone
  Digest digest = {};
  std::vector<Finding> findings = {};                       // the worker's, of this build and the smallest file
  Finding finding = Finding::of(FindingId::process_ended);  // of them, or of the engine
  cause::Place place = {};
};

// Groups that are one cause.
struct Cause {
  std::vector<std::size_t> groups;
  std::size_t lead = 0;                  // the group with the smallest file
  std::vector<std::size_t> files;        // of all groups, each once, those of cases too
  std::vector<std::size_t> silent = {};  // of all groups
  std::string identity;
  report::TriageSuggestion suggestion = {};
  std::vector<Finding> findings = {};  // the worker's, of the smallest file on all builds
};

}  // namespace sluice::triage
