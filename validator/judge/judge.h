// The judgement on one content file: its findings, and the verdict for each driver build.
#pragma once

#include <string>
#include <vector>

#include "validator/bytes/content_file.h"
#include "validator/contract/driver.h"
#include "validator/judge/collect.h"
#include "validator/judge/threshold.h"
#include "validator/program/program.h"
#include "validator/program/walk.h"
#include "validator/report/model.h"
#include "validator/suppression/suppression.h"

namespace sluice::judge {

// What all files of a run are judged by. Everything is aliased; there may be no driver and no suppressions.
struct Bench {
  const program::Program& program;
  const program::Limits& limits;
  Threshold threshold = {};
  bool wants_digests = false;
  const contract::Driver* driver = nullptr;
  std::vector<std::size_t> builds = {};  // those judged, by their index in the driver
  const suppression::Suppressions* suppressions = nullptr;
  suppression::Matcher* matcher = nullptr;
  const program::Program* tree = nullptr;  // with everything kept; null: no excerpts are wanted
};

// Judges one file after the other with the same buffers.
class Judge {
 public:
  explicit Judge(const Bench& bench) : bench_(bench) {}

  void operator()(const Item& item, report::FileResult& result);

  // The same for a file that was opened. Whether it changes meanwhile is the caller's to ask, when nobody needs it any
  // more.
  void operator()(const std::string& name, bytes::View content, report::FileResult& result);

 private:
  [[nodiscard]] Findings begin(const std::string& name, report::FileResult& result);
  void check(const std::string& name, bytes::View content, Findings& findings, report::FileResult& result);
  void compare_with_declared(Findings& findings, report::FileResult& result) const;
  void end(Findings& findings, report::FileResult& result);

  const Bench& bench_;
  bytes::ContentFile file_;
  std::optional<program::DeclaredBuilds> declared_;  // by the file at hand
};

}  // namespace sluice::judge
