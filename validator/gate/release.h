// A release document: the content that is to go out, the builds that will read it, and what has to be shown before.
// docs/gate.md is the language.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "validator/document/document.h"
#include "validator/finding/finding.h"

namespace sluice::gate {

// How long each build is fuzzed. One of `runs` and `seconds` is not 0.
struct FuzzPolicy {
  std::uint64_t runs = 0;  // executions of each job
  std::uint64_t seconds = 0;
  std::uint64_t jobs = 1;
  std::uint64_t seed = 1;
  std::uint64_t max_len = 0;  // 0: by the seeds
  std::uint64_t timeout_ms = 1000;
  std::string property = "escape";
  std::vector<std::string> seeds;  // files and folders besides the release's own content
};

// Somebody has looked at a first use.
struct SignOff {
  std::string use;  // as SL0321 .. SL0325 name it
  std::string by;
  std::string reason;
  document::Mark mark;
};

struct Policy {
  Severity fail_on = Severity::error;
  bool run = true;                   // every file is run on every build
  std::vector<std::string> require;  // builds without which there is no verdict
  std::optional<FuzzPolicy> fuzz;    // empty: no campaign
  bool covers_content = true;        // every criterion of the content must have been executed
  bool covers_schema = false;        // whatever the schema can express must have been executed by the campaign
  bool demands_sign_off = false;     // first uses fail without one
  std::vector<SignOff> sign_offs;
};

struct Release {
  std::string file;  // the path as given
  std::string text;  // of the document, for the line under a caret
  std::string name;
  // Paths, as seen from where the program runs.
  std::vector<std::string> content;  // files and folders, at least one
  std::string driver;
  std::string builds;  // where replicas and images are; empty: beside the driver document
  std::string schema;  // empty: the driver's
  std::vector<std::string> include;
  std::string rules;         // empty: the driver's
  std::string suppressions;  // empty: none
  std::string events;        // empty: they are made
  std::string verifier;      // a URI: who judges; empty: sluice's own
  std::string resource;      // a URI that the content's name is put behind
  Policy policy;
};

// Reads a release document. On failure returns empty; `problems` then has every independent mistake as a finding
// (SL0501, SL0509) at its line and column. Nothing that it names is opened.
[[nodiscard]] std::optional<Release> load_release(const std::string& path, std::vector<Finding>& problems);

}  // namespace sluice::gate
