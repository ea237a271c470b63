// Faults that are known, run again: what a new image of a build has cured, and what has come back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/farm/found_files.h"
#include "validator/run/campaign.h"

namespace sluice::farm {

enum class Replayed : std::uint8_t {
  undecided,  // it could not be run
  shows,      // the build still does what is wrong
  silent,     // it does not; of what `sluice run` never showed that means nothing
};

// By `sluice run`, on the build of `campaign`. One answer for each. `problem` is filled where it could not be
// asked.
[[nodiscard]] std::vector<Replayed> replay(const run::CampaignOptions& campaign, const std::string& folder,
                                           const std::vector<FoundFile>& found, std::string& problem);

// Whether the report that was made when it was found shows it.
[[nodiscard]] bool was_shown(const std::string& folder, const FoundFile& one);

}  // namespace sluice::farm
