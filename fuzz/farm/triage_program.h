// sluice-triage, as a farm uses it: what it is given are copies, so that nobody changes them meanwhile, and what it
// answers is JSON (docs/triage-json.md), which is read as if anybody had written it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/farm/folders.h"
#include "validator/run/campaign.h"

namespace sluice::farm {

struct TriagedCase {
  std::string identity;
  std::string sentence;
  std::string guilty;
  std::string suggestion;
  std::vector<std::string> found;  // what campaigns call its faults
};

struct TriageAnswer {
  std::vector<TriagedCase> cases;
  std::vector<std::pair<std::string, std::string>> left_out;  // what campaigns call it, and why
};

struct CaseReplayed {
  enum class What : std::uint8_t { cannot, shows, gone, fixed };  // fixed: gone, and among the regressions already
  What what = What::cannot;
  std::string text;  // in words
};

class TriageProgram {
 public:
  // Names of one case in one folder are so many at most: with more files of one, some would have no name.
  static constexpr std::size_t kMostAtOnce = 20;

  // All are aliased. `is_asked_to_end` is asked while it runs.
  TriageProgram(const Folders& folders, std::uint64_t jobs, const std::function<bool()>& is_asked_to_end)
      : folders_(folders), jobs_(jobs), is_asked_to_end_(is_asked_to_end) {}

  enum class End : std::uint8_t { done, failed, late, asked };

  // Of a target: `campaign` has its documents and all builds that are to be asked.

  // Triages what campaigns call so, at most kMostAtOnce, files the cases and writes the page. But for `done`, `problem`
  // is filled.
  [[nodiscard]] End triage(const run::CampaignOptions& campaign, const std::string& target,
                           const std::vector<std::string>& found, const std::string& page, std::chrono::seconds limit,
                           TriageAnswer& answer, std::string& problem);
  // Runs all cases of the target again, those too that nobody has looked at yet. The time is bounded by their number.
  [[nodiscard]] End replay(const run::CampaignOptions& campaign, const std::string& target,
                           std::map<std::string, CaseReplayed>& cases, std::string& problem);
  // Moves a case that shows on no build any more to the regressions.
  [[nodiscard]] End call_fixed(const run::CampaignOptions& campaign, const std::string& target,
                               const std::string& identity, std::string& problem);

 private:
  [[nodiscard]] std::vector<std::string> words_of(run::CampaignOptions campaign, const std::string& verb,
                                                  const std::string& folder, const std::string& crashes) const;
  [[nodiscard]] End run(const std::vector<std::string>& words, std::chrono::seconds limit, std::string& problem);
  [[nodiscard]] std::string answer_file() const { return folders_.scratch() + "/answer.json"; }

  const Folders& folders_;
  std::uint64_t jobs_;
  const std::function<bool()>& is_asked_to_end_;
};

}  // namespace sluice::farm
