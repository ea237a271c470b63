// The fuzz campaigns of a release: one on each build, begun with the release's own content.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validator/gate/documents.h"
#include "validator/judge/threshold.h"
#include "validator/report/model.h"
#include "validator/store/cache.h"

namespace sluice::gate {

struct CampaignFolders {
  std::string seeds;    // the release's content that may go out, and nothing else
  std::string scratch;  // for what is not needed afterwards
  std::string faults;   // what is found stays here
};

struct CampaignResult {
  report::Campaign campaign;
  std::vector<Finding> findings;
  bool is_remembered = false;
};

// On the `place`-th build. `seeds_digest`: of all content in `seeds`. `cache` may be null.
[[nodiscard]] CampaignResult run_campaign(Documents& documents, std::size_t place, const CampaignFolders& folders,
                                          const std::string& seeds_digest, store::Cache* cache);

}  // namespace sluice::gate
