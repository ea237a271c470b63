// sluice run --coverage: which blocks of the images ran, in the report and as a tracefile.
#pragma once

#include <string>
#include <vector>

#include "validator/cli/output.h"
#include "validator/cli/reporting.h"
#include "validator/cli/run_documents.h"
#include "validator/run/pool.h"

namespace sluice::cli {

class RunCoverage {
 public:
  // Adds --coverage.
  void declare(Arguments& arguments);
  [[nodiscard]] bool is_wanted() const { return !path_.empty(); }

  // Before anything is run. False: no build is an image, or the file cannot be written; the reason was printed, and the
  // exit code is 2. Where it is not wanted there is nothing to do.
  [[nodiscard]] bool begin(const Arguments& arguments, const RunDocuments& documents);

  // After all was run: tells the report how much of each build ran, and writes the tracefile. False: it could not be
  // written; the reason was printed.
  [[nodiscard]] bool finish(const RunDocuments& documents, run::Pool& pool, run::BlockHits& hits, Reporting& reporting);

 private:
  std::string path_;
  Output output_;
};

}  // namespace sluice::cli
