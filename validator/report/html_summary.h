// What it all comes to, for the head of the page.
#pragma once

#include <string>

#include "validator/report/html.h"
#include "validator/report/writer.h"

namespace sluice::report::html {

// `channel 2026-11`, or how many contents of which schema where there is no release.
[[nodiscard]] std::string title(const Totals& totals, const Options& options);

// The verdict, the reason, what was asked and what was counted.
[[nodiscard]] std::string banner(const Totals& totals, const Options& options);

[[nodiscard]] std::string attestations(const Release& release);

}  // namespace sluice::report::html
