// Judgements on the documents that content is judged by. Each is a result beside the content, or nothing where there is
// nothing to say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validator/contract/driver.h"
#include "validator/judge/threshold.h"
#include "validator/report/model.h"
#include "validator/run/measurements.h"
#include "validator/suppression/suppression.h"

namespace sluice::judge {

// A document beside the content, with these findings; nothing where there are none.
[[nodiscard]] std::optional<report::FileResult> beside_content(std::string name, std::vector<Finding> findings,
                                                               const Threshold& threshold);

// Of the driver document at `path`. Beside content its findings are warnings: they are the driver's defects, and what
// the file uses of them is found in the file. Without content there is always a result. `list` and `matcher` may be
// null.
[[nodiscard]] std::optional<report::FileResult> judge_driver(const contract::Driver& driver, const std::string& path,
                                                             const std::vector<std::size_t>& builds,
                                                             const suppression::Suppressions* list,
                                                             suppression::Matcher* matcher, const Threshold& threshold,
                                                             bool has_content);

// After all files: what was measured and is not what the driver document says.
[[nodiscard]] std::optional<report::FileResult> judge_measured(const run::Measurements& measurements,
                                                               const contract::Driver& driver,
                                                               const Threshold& threshold);

// After all files: entries of the suppressions document at `path` that are stale or expired. `matcher` may be null.
[[nodiscard]] std::optional<report::FileResult> review_suppressions(const suppression::Matcher* matcher,
                                                                    const std::string& path,
                                                                    const Threshold& threshold);

}  // namespace sluice::judge
