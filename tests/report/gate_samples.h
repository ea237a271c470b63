// A release that was gated, for pages: with excerpts, campaigns, attestations.
#pragma once

#include "tests/report/samples.h"

namespace sluice::report {

[[nodiscard]] std::vector<FileResult> gate_run();
[[nodiscard]] Release gate_release();
[[nodiscard]] Options gate_options();

// Many builds, contents and findings: more than a page holds.
[[nodiscard]] std::vector<FileResult> large_run();

// Names that would leave their place on a page if they could: tags, quotes, controls, right-to-left text, 10,000
// characters. The script in them would be seen by `hostile.ran`.
[[nodiscard]] std::vector<std::string> breaking_out_names();
[[nodiscard]] std::vector<FileResult> breaking_out_run();
[[nodiscard]] Release breaking_out_release();

}  // namespace sluice::report
