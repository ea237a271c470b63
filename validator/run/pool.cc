#include "validator/run/pool.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::run {

namespace {

constexpr unsigned kMostFailures = 5;

}  // namespace

std::unique_ptr<Worker> Pool::take(std::size_t target, std::string& problem) {
  {
    const std::lock_guard lock(mutex_);
    if (failures_[target] >= kMostFailures) {
      problem = fmt::format("given up: it failed {} times", failures_[target]);
      return nullptr;
    }
    const auto found = std::ranges::find(idle_, target, &Idle::target);
    if (found != idle_.end()) {
      auto worker = std::move(found->worker);
      idle_.erase(found);
      return worker;
    }
  }
  auto worker = Worker::start(options_, targets_[target], problem);
  if (worker == nullptr) failed(target);
  return worker;
}

void Pool::give_back(std::size_t target, std::unique_ptr<Worker> worker) {
  std::unique_ptr<Worker> oldest;  // ends outside of the lock
  const std::lock_guard lock(mutex_);
  idle_.push_back({target, std::move(worker)});
  if (idle_.size() <= most_idle_) return;
  oldest = std::move(idle_.front().worker);
  idle_.erase(idle_.begin());
}

void Pool::failed(std::size_t target) {
  const std::lock_guard lock(mutex_);
  ++failures_[target];
}

}  // namespace sluice::run
