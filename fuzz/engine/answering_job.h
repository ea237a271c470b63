// A child that waits for what it is asked, and says when it has answered: confined as one that fuzzes, started again
// when it does not come back. What is asked and answered is in Shared.
#pragma once

#include <atomic>
#include <string>

#include "fuzz/engine/job.h"

namespace sluice::engine {

class AnsweringJob {
 public:
  enum class Task : std::uint8_t { tell_faults, weigh };
  // Aliased but for `work`, an empty folder that the child may write to.
  AnsweringJob(const Options& options, const BuildOptions& build, std::string work, Task task)
      : work_(std::move(work)), task_(task), job_(options, build, 0) {}

  // Starts a child where none runs. False with problem() filled, and then it stays so.
  [[nodiscard]] bool is_ready();
  void ask();
  // Until it has answered. False: it ended, and `ended` says how; with problem() filled where it cannot be started
  // again. When `stop` becomes true the child is asked to end with what it is at.
  [[nodiscard]] bool wait(std::string& ended, const std::atomic<bool>* stop = nullptr);

  [[nodiscard]] Shared& shared() { return job_.shared(); }
  // How often the child did not come back.
  [[nodiscard]] std::uint32_t restarts() const { return job_.restarts(); }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  [[nodiscard]] bool start();

  std::string work_;
  Task task_;
  Job job_;
  bool was_started_ = false;
  std::string problem_;
};

}  // namespace sluice::engine
