// What a campaign came to, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "fuzz/engine/campaign.h"
#include "fuzz/engine/operators.h"

namespace sluice::engine {

// docs/fuzz.md has the fields. `problem`: why it could not be done; empty: it was.
std::string summary_json(const Options& options, const Totals& totals, const std::vector<Operators>& operators,
                         const Corpus& corpus, const std::vector<Known>& faults, const std::string& problem,
                         Moment moment);
std::string summary_text(const Totals& totals, const std::vector<Operators>& operators, const Corpus& corpus,
                         const std::vector<Known>& faults, bool has_verdict);

}  // namespace sluice::engine
