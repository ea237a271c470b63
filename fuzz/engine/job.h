// One child and its successors: what it says, and what is made of its end.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/engine/child.h"
#include "fuzz/engine/options.h"

namespace sluice::engine {

class Job {
 public:
  enum class State : std::uint8_t { running, done, cannot };
  // A child that did not come back from an input: that is a fault.
  struct Ended {
    std::string kind;  // "timeout", "signal-SEGV", ...; empty: it took long outside of the target
    std::vector<std::uint8_t> input;
    std::uint64_t execution = 0;
  };
  struct Found {
    Fault fault;
    std::vector<std::uint8_t> input;
    std::string recipe;
    std::uint64_t execution = 0;
    bool is_escape = false;
  };

  // All are aliased. `number` counts over all builds.
  Job(const Options& options, const BuildOptions& build, std::size_t number)
      : options_(options), build_(build), number_(number) {}
  ~Job() {
    kill();
    unmap_shared(shared_);
  }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  // False with `problem` filled.
  bool start(const ChildPlan& plan, std::string& problem);
  void ask_to_stop() {
    if (shared_ != nullptr) shared_->stop = 1;
  }
  // Whether it has ended, and how. What it has to say of the input that it ended on is told once; then it can be
  // started again.
  std::optional<Ended> look();
  void kill();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] const BuildOptions& build() const { return build_; }
  [[nodiscard]] std::size_t number() const { return number_; }
  [[nodiscard]] Shared& shared() { return *shared_; }
  [[nodiscard]] bool is_running() const { return pid_ > 0; }
  [[nodiscard]] std::uint32_t restarts() const { return restarts_; }
  // The next of its faults that was not taken: a copy, since the child may write to what it has told.
  std::optional<Found> next_fault();

 private:
  using Clock = std::chrono::steady_clock;
  std::optional<Ended> end_on(const std::string& kind);
  [[nodiscard]] std::uint64_t processor_ms() const;

  const Options& options_;
  const BuildOptions& build_;
  const std::size_t number_;
  Shared* shared_ = nullptr;
  pid_t pid_ = 0;
  State state_ = State::running;
  std::string problem_;
  std::uint32_t restarts_ = 0;
  std::uint32_t taken_ = 0;  // faults
  std::uint64_t calls_ = 0;
  std::uint64_t used_ms_ = 0;
  Clock::time_point since_{};
};

}  // namespace sluice::engine
