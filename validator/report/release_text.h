// What a release comes to, for people: the matrix over all files, the campaigns, and the verdict with its reason.
#pragma once

#include <string>

#include "validator/report/model.h"

namespace sluice::report {

// `totals` have a release.
[[nodiscard]] std::string release_text(const Totals& totals, bool colour);

}  // namespace sluice::report
