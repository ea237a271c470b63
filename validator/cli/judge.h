// The judgement on one content file: its findings, and the verdict for each driver build.
#pragma once

#include <string>
#include <vector>

#include "validator/bytes/content_file.h"
#include "validator/cli/collect.h"
#include "validator/cli/reporting.h"
#include "validator/contract/driver.h"
#include "validator/program/program.h"
#include "validator/program/walk.h"
#include "validator/report/model.h"
#include "validator/suppression/suppression.h"

namespace sluice::cli {

// What all files of a run are judged by. Everything is aliased; there may be no driver and no suppressions.
struct Bench {
  const program::Program& program;
  const program::Limits& limits;
  const Reporting& reporting;
  const contract::Driver* driver = nullptr;
  std::vector<std::size_t> builds = {};  // those judged, by their index in the driver
  const suppression::Suppressions* suppressions = nullptr;
  suppression::Matcher* matcher = nullptr;
};

// Judges one file after the other with the same buffers.
class Judge {
 public:
  explicit Judge(const Bench& bench) : bench_(bench) {}

  void operator()(const Item& item, report::FileResult& result);

 private:
  void check(const std::string& name, Findings& findings, report::FileResult& result);
  void judge_builds(const Findings& findings, report::FileResult& result) const;
  void compare_with_declared(const std::string& name, Findings& findings,
                             const std::vector<report::BuildVerdict>& builds) const;

  const Bench& bench_;
  bytes::ContentFile file_;
  std::optional<program::DeclaredBuilds> declared_;  // by the file at hand
};

}  // namespace sluice::cli
