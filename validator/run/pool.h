// Workers that are kept from one file to the next: starting one costs more than running a file.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "validator/run/worker.h"

namespace sluice::run {

class Pool {
 public:
  // `take` is given an index of `targets`. At most `most_idle` workers wait at a time.
  // Where `options` ask for coverage, `hits` is told of all that runs, by the same index.
  Pool(WorkerOptions options, std::vector<TargetFiles> targets, std::size_t most_idle, BlockHits& hits)
      : options_(std::move(options)),
        targets_(std::move(targets)),
        most_idle_(most_idle),
        hits_(hits),
        failures_(targets_.size(), 0),
        unusable_(targets_.size()) {}

  // One that waits, or a new one; its target can be used. Null, with `problem` filled: there is none to be had, or,
  // with `is_unusable` too, the target cannot be used. It is not tried again: that may cost a budget of time.
  [[nodiscard]] std::unique_ptr<Worker> take(std::size_t target, std::string& problem, bool& is_unusable);
  void give_back(std::size_t target, std::unique_ptr<Worker> worker);

  // Says that a worker failed. A target whose workers keep failing is given up: each failure may cost a deadline.
  void failed(std::size_t target);

  [[nodiscard]] const TargetFiles& files(std::size_t target) const { return targets_[target]; }

 private:
  struct Idle {
    std::size_t target;
    std::unique_ptr<Worker> worker;
  };

  const WorkerOptions options_;
  const std::vector<TargetFiles> targets_;
  const std::size_t most_idle_;
  BlockHits& hits_;
  std::mutex mutex_;
  std::vector<Idle> idle_;  // who waited longest comes first
  std::vector<unsigned> failures_;
  std::vector<std::string> unusable_;  // why; empty: nobody has noticed
};

}  // namespace sluice::run
