#include "validator/run/pool.h"

#include <fmt/format.h>

#include <algorithm>

#include "validator/finding/finding.h"

namespace sluice::run {

namespace {

constexpr unsigned kMostFailures = 5;

}  // namespace

std::unique_ptr<Worker> Pool::take(std::size_t target, std::string& problem, bool& is_unusable) {
  is_unusable = false;
  {
    const std::lock_guard lock(mutex_);
    if (!unusable_[target].empty()) {
      problem = unusable_[target];
      is_unusable = true;
      return nullptr;
    }
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
  if (worker != nullptr && options_.coverage) worker->tell_blocks(hits_, target);
  if (worker == nullptr || !worker->hello().fault) return worker;
  const std::lock_guard lock(mutex_);
  // Whoever was first has said it: the same text for all files.
  if (unusable_[target].empty()) unusable_[target] = printable(worker->hello().fault->text, 300, Quotes::keep);
  problem = unusable_[target];
  is_unusable = true;
  return nullptr;
}

void Pool::give_back(std::size_t target, std::unique_ptr<Worker> worker) {
  if (worker->is_worn()) return;
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
