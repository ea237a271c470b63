// Content files times driver builds, in one queue over all cores; results one file at a time, in order.
#pragma once

#include <functional>
#include <vector>

#include "validator/judge/collect.h"
#include "validator/judge/threshold.h"
#include "validator/run/trial.h"

namespace sluice::judge {

struct RunQueueOptions {
  std::size_t threads = 1;
  Threshold threshold = {};
  bool wants_digests = false;
  bool wants_excerpts = false;
};

// As a report has it.
[[nodiscard]] report::Ran ran_of(const run::Coverage& coverage);

using Take = std::function<void(const report::FileResult&)>;

// Runs all `items` on all builds of `court`; `take` is called on the calling thread, in the order of the items.
void run_all(const run::Court& court, const std::vector<Item>& items, const RunQueueOptions& options, const Take& take);

}  // namespace sluice::judge
