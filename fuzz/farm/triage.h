// The faults that a night has found in one target, made cases: one for each cause.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/farm/faults.h"
#include "fuzz/farm/folders.h"
#include "fuzz/farm/triage_program.h"

namespace sluice::farm {

// Triage of a target takes at most so long; what it does not come to is the next night's.
struct TriageLimit {
  std::chrono::seconds base{60};
  std::chrono::seconds for_each{120};  // that is no case yet
  [[nodiscard]] std::chrono::seconds of(std::size_t count) const {
    return base + for_each * static_cast<std::int64_t>(count);
  }
};

class Triage {
 public:
  // All are aliased. `campaign` has the documents of the target and all builds that can be run. `tell` is called with
  // what a person should know.
  Triage(const Folders& folders, const Night& night, Faults& faults, TriageProgram& program, const std::string& target,
         const run::CampaignOptions& campaign, const std::function<void(const std::string&)>& tell)
      : folders_(folders),
        night_(night),
        faults_(faults),
        program_(program),
        target_(target),
        campaign_(campaign),
        tell_(tell) {}

  enum class End : std::uint8_t { done, failed, asked };
  // What is done is kept at once, and not done again. `failed`: nothing comes of any, and it is told why.
  [[nodiscard]] End run(const TriageLimit& limit);

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] End triage(std::span<const std::string> found, std::size_t& num_done);
  [[nodiscard]] TriageProgram::End ask(std::span<const std::string> found, std::chrono::seconds limit,
                                       std::string& problem);
  void keep(const std::vector<std::string>& found, const TriageAnswer& answer, const std::string& page);
  [[nodiscard]] std::string next_page() const;
  [[nodiscard]] std::chrono::seconds left() const {
    return std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(deadline_ - Clock::now()));
  }
  [[nodiscard]] bool has_time() const { return Clock::now() < deadline_; }

  const Folders& folders_;
  const Night& night_;
  Faults& faults_;
  TriageProgram& program_;
  const std::string& target_;
  const run::CampaignOptions& campaign_;
  const std::function<void(const std::string&)>& tell_;
  Clock::time_point deadline_;
  std::size_t num_answered_ = 0;  // calls that came to something
  std::size_t num_failed_ = 0;    // faults that triage fails with
  std::string failure_;           // the last
  std::string problem_;           // of the farm's own
};

}  // namespace sluice::farm
