// What no release before made use of, and who has looked at it.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "validator/difference/feature_name.h"
#include "validator/difference/usage.h"
#include "validator/gate/documents.h"
#include "validator/store/history.h"

namespace sluice::gate {

class FirstUses {
 public:
  // `documents` are aliased. `known`: what was released before. `is_recording`: what is used is kept for
  // `used_first_in`.
  FirstUses(const Documents& documents, const program::Limits& limits, const store::Known& known, bool is_recording);

  // Adds a finding (SL0321 ..) for each first use of the `number`-th file, which was checked: an error where the policy
  // demands a sign-off and has none. For several threads at once. Where nothing was ever released, and no sign-off is
  // demanded, there is nothing to tell.
  void judge(std::size_t number, bytes::View content, const report::FileResult& checked, Findings& findings) const;

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t signed_off() const { return signed_off_; }
  // SL0702 for each sign-off that nothing needed.
  [[nodiscard]] std::vector<Finding> stale_sign_offs() const;

  // The names of the features that the `number`-th file has and none before it in this release.
  [[nodiscard]] std::vector<std::string> used_first_in(std::size_t number) const;

 private:
  void decide(Finding& finding) const;
  void keep(std::size_t number, program::Session& session, difference::Budget& budget) const;

  const Documents& documents_;
  const program::Limits limits_;
  const difference::FeatureNames names_;
  difference::Budget known_budget_;
  difference::Usage known_;
  const std::uint64_t known_contents_;
  const bool is_asked_;
  const bool is_recording_;
  std::vector<std::atomic<bool>> mutable used_sign_offs_;
  mutable std::atomic<std::uint64_t> count_ = 0;
  mutable std::atomic<std::uint64_t> signed_off_ = 0;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::size_t> first_in_;  // a feature, and the file that has it first
};

// What a sign-off calls the first use that `finding` tells of: `input 20 of template type 3`.
[[nodiscard]] std::string use_of(const Finding& finding);

}  // namespace sluice::gate
