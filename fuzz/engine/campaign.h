// The supervisor: children that fuzz, what they find kept and reported, until it is time. Runs no code of a target.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/engine/corpus.h"
#include "fuzz/engine/job.h"
#include "fuzz/engine/operators.h"
#include "fuzz/engine/options.h"
#include "fuzz/engine/progress.h"
#include "fuzz/engine/reports.h"

namespace sluice::engine {

// As the summary tells them; sums over all jobs but for the blocks, which are those of the job that covers most.
struct Totals {
  std::uint64_t executions = 0;
  std::uint64_t deterministic = 0;  // of them
  std::uint64_t faulted = 0;
  std::uint64_t accepted = 0;
  std::uint64_t last_new = 0;
  std::uint32_t blocks = 0;
  std::uint32_t blocks_reachable = 0;
  std::uint32_t blocks_covered = 0;
  std::uint32_t blocks_of_seeds = 0;
  std::uint32_t dark = UINT32_MAX;
  std::uint32_t restarts = 0;
  double seconds = 0;
  std::vector<ProgressPoint> progress;  // at the end
  [[nodiscard]] double rate() const { return seconds > 0 ? static_cast<double>(executions) / seconds : 0; }
};

// At which a summary is written.
enum class Moment : std::uint8_t { running, interrupted, ended };

class Campaign {
 public:
  explicit Campaign(const Options& options) : options_(options), reports_(options) {}

  // Returns the exit code: 0 nothing was found, 1 faults, 2 it could not be done.
  int run();

 private:
  using Clock = std::chrono::steady_clock;
  bool prepare();
  bool make_seeds();
  bool start(Job& job);
  [[nodiscard]] bool is_over() const;
  void wait_a_moment();
  void stop();
  void finish_reports();
  bool look();
  bool take_faults(Job& job);
  bool take_end(Job& job, const Job::Ended& ended);
  bool tell_end(const Job& job, const Job::Ended& ended);
  bool take_drift();
  bool tell(Known known, std::span<const std::uint8_t> input, std::string_view recipe, FindBlame find_blame = {});
  [[nodiscard]] ChildPlan plan_for(const std::string& log) const;
  [[nodiscard]] Totals totals();
  [[nodiscard]] std::vector<Operators> operators();
  [[nodiscard]] ProgressPoint progress_point();
  bool write_summary(const std::string& problem, Moment moment);
  void show_status();
  void end_status();
  int finish(bool is_good);
  void say(const std::string& sentence);

  const Options& options_;
  Corpus corpus_;
  Reports reports_;
  std::vector<std::unique_ptr<Job>> jobs_;
  Clock::time_point begin_{};
  Clock::time_point end_{};  // of the fuzzing; reports may come after it
  Clock::time_point shown_{};
  Clock::time_point kept_{};
  Clock::time_point sampled_{};
  Clock::time_point told_{};
  Progress progress_;
  bool is_interrupted_ = false;
  bool has_status_ = false;
  std::string problem_;
};

}  // namespace sluice::engine
