// An oracle that is a child process: confined as one that fuzzes, started again when it does not come back.
#pragma once

#include <memory>
#include <string>

#include "fuzz/engine/job.h"
#include "fuzz/engine/oracle.h"

namespace sluice::engine {

class JobOracle final : public Oracle {
 public:
  enum class Task : std::uint8_t { tell_faults, weigh };
  // Both are aliased. `work`: an empty folder that the child may write to. Null with `problem` filled: the target
  // cannot be run.
  static std::unique_ptr<JobOracle> start(const Options& options, const BuildOptions& build, const std::string& work,
                                          std::string& problem, Task task = Task::tell_faults);
  ~JobOracle() override;

  Observation run(std::span<const std::uint8_t> input, bool explores) override {
    ask(input, explores);
    return answer();
  }
  // The two halves of it, so that several can be asked at once.
  void ask(std::span<const std::uint8_t> input, bool explores);
  Observation answer();

  // Of one that weighs: all that was come to since its child was started.
  [[nodiscard]] std::uint64_t num_seen() { return job_.shared().inquiry.num_seen; }

  // How often the child had to be started again, and why it cannot be any more; empty: it can.
  [[nodiscard]] std::uint32_t restarts() const { return job_.restarts(); }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  JobOracle(const Options& options, const BuildOptions& build, std::string work, Task task)
      : work_(std::move(work)), task_(task), job_(options, build, 0) {}
  [[nodiscard]] bool start();
  [[nodiscard]] bool wait_for_answer(std::string& ended);

  std::string work_;
  Task task_;
  bool is_asked_ = false;
  Job job_;
  std::string problem_;
};

}  // namespace sluice::engine
