// An oracle that is a child process: confined as one that fuzzes, started again when it does not come back.
#pragma once

#include <memory>
#include <string>

#include "fuzz/engine/job.h"
#include "fuzz/engine/oracle.h"

namespace sluice::engine {

class JobOracle final : public Oracle {
 public:
  // Both are aliased. `work`: an empty folder that the child may write to. Null with `problem` filled: the target
  // cannot be run.
  static std::unique_ptr<JobOracle> start(const Options& options, const BuildOptions& build, const std::string& work,
                                          std::string& problem);
  ~JobOracle() override;

  Observation run(std::span<const std::uint8_t> input, bool explores) override;

  // How often the child had to be started again, and why it cannot be any more; empty: it can.
  [[nodiscard]] std::uint32_t restarts() const { return job_.restarts(); }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  JobOracle(const Options& options, const BuildOptions& build, std::string work)
      : work_(std::move(work)), job_(options, build, 0) {}
  [[nodiscard]] bool start();
  [[nodiscard]] bool wait_for_answer(std::string& ended);

  std::string work_;
  Job job_;
  std::string problem_;
};

}  // namespace sluice::engine
