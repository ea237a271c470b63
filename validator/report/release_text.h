// What a release comes to, for people, in pieces: the matrix over all files, the campaigns, and what else was counted.
#pragma once

#include <string>
#include <vector>

#include "validator/report/model.h"
#include "validator/report/table.h"

namespace sluice::report {

// `release 2026-11: 2 files on 4 builds; check, run`. `totals` have a release.
[[nodiscard]] std::string headline_of(const Totals& totals);

// A row for each build of `totals.builds`.
[[nodiscard]] Table matrix_of(const Totals& totals);

// A row for each campaign.
[[nodiscard]] Table campaigns_of(const Release& release);

// What was remembered, first uses, attestations: a line for each that there is something to say of.
[[nodiscard]] std::vector<std::string> counts_of(const Release& release);

// All of it, and the verdict with its reason. `totals` have a release.
[[nodiscard]] std::string release_text(const Totals& totals, bool colour);

// `3 files: 1 passed, 1 failed, 1 without a verdict`
[[nodiscard]] std::string files_text(const Totals& totals);

}  // namespace sluice::report
