// Which inputs come to what none before came to, on one build.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/engine/answering_job.h"
#include "fuzz/engine/batch.h"

namespace sluice::engine {

// A child that does not come back is started again, and is first given what its predecessors came to something with.
// The input that ended it is not new.
class Weigher {
 public:
  // All but `work` are aliased. `folder`: the corpus, open.
  Weigher(const Options& options, const BuildOptions& build, std::string work, int folder,
          const std::atomic<bool>& is_asked_to_end)
      : build_(build),
        folder_(folder),
        is_asked_to_end_(is_asked_to_end),
        job_(options, build, std::move(work), AnsweringJob::Task::weigh) {}

  // False with problem() filled: the target cannot be run.
  [[nodiscard]] bool start() { return job_.is_ready(); }
  // The batch is aliased until the end of it. Returns while it is run.
  void begin(const Batch& batch);
  // False with problem() filled, or because it was asked to end: then some are not known.
  [[nodiscard]] bool end();
  // Of the batch's inputs; by number.
  [[nodiscard]] bool is_new(std::size_t input) const { return is_new_[input] != 0; }
  // Of the processor, that one execution took; 0: it faulted.
  [[nodiscard]] std::uint64_t nanoseconds(std::size_t input) const { return nanoseconds_[input]; }

  // All that was come to.
  [[nodiscard]] std::uint64_t num_seen() { return job_.shared().weighing.num_seen; }
  [[nodiscard]] std::string problem() const;

 private:
  struct Known {
    std::string name;
    std::uint32_t size;
  };
  void hand_over(const Batch& batch, std::size_t first);
  [[nodiscard]] std::size_t take_answers(std::size_t first);
  [[nodiscard]] bool recover();
  [[nodiscard]] bool remember();

  const BuildOptions& build_;
  const int folder_;
  const std::atomic<bool>& is_asked_to_end_;
  AnsweringJob job_;
  const Batch* batch_ = nullptr;
  std::size_t first_ = 0;  // that the child has been given
  std::vector<std::uint8_t> is_new_;
  std::vector<std::uint64_t> nanoseconds_;
  std::vector<Known> news_;
  std::string problem_;
};

}  // namespace sluice::engine
