// Looking for the field that a fault is owed to, in a process beside the campaign: it takes up to 20 seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/engine/fault.h"
#include "fuzz/engine/job.h"

namespace sluice::engine {

class BlameSearch {
 public:
  // `options` and `build` are aliased; `plan` says where a child may write. A child of its own changes the fields: what
  // it comes to on the way is not for the campaign.
  BlameSearch(const Options& options, const BuildOptions& build, ChildPlan plan, std::vector<std::uint8_t> input,
              const Fault& fault);

  // Begins when it is asked first. Nothing: it goes on. Else in the words of `sluice run --blame`; empty: none was
  // found.
  std::optional<std::string> look();

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] std::string found();

  const BuildOptions& build_;
  ChildPlan plan_;
  const std::vector<std::uint8_t> input_;
  const bool is_refusal_;
  Job finder_;
  bool has_begun_ = false;
  Clock::time_point until_{};
};

}  // namespace sluice::engine
