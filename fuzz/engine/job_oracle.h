// An oracle that is a child process.
#pragma once

#include <memory>
#include <string>

#include "fuzz/engine/answering_job.h"
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

 private:
  JobOracle(const Options& options, const BuildOptions& build, std::string work)
      : job_(options, build, std::move(work), AnsweringJob::Task::tell_faults) {}

  AnsweringJob job_;
};

}  // namespace sluice::engine
