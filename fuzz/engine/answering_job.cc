#include "fuzz/engine/answering_job.h"

#include <time.h>

#include <cerrno>

namespace sluice::engine {

namespace {

constexpr long kLookEveryNs = 20'000'000;

bool take(sem_t& semaphore) {
  timespec until{};
  ::clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += kLookEveryNs;
  if (until.tv_nsec >= 1'000'000'000) {
    until.tv_nsec -= 1'000'000'000;
    ++until.tv_sec;
  }
  while (::sem_timedwait(&semaphore, &until) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

}  // namespace

// The first answer is to no question: that it has started.
bool AnsweringJob::start() {
  ChildPlan plan{.folder = work_, .seeds = work_, .seed_list = {}, .log = work_ + "/log", .blamed = {}};
  plan.answers = true;
  plan.weighs = task_ == Task::weigh;
  return job_.start(plan, problem_);
}

bool AnsweringJob::is_ready() {
  if (job_.is_running()) return true;
  if (!problem_.empty()) return false;
  std::string ended;
  if (start() && wait(ended)) {
    was_started_ = true;
    return true;
  }
  if (problem_.empty()) {
    problem_ = was_started_ ? "the target cannot be started again: " + ended
                            : "the target ends before it has content: " + ended;
  }
  return false;
}

void AnsweringJob::ask() { ::sem_post(&shared().inquiry.asked); }

bool AnsweringJob::wait(std::string& ended, const std::atomic<bool>* stop) {
  while (!take(shared().inquiry.answered)) {
    if (stop != nullptr && *stop) job_.ask_to_stop();
    auto end = job_.look();
    if (job_.state() != Job::State::running) {
      problem_ = job_.state() == Job::State::cannot ? job_.problem() : "the target's process ended";
      return false;
    }
    if (!end) continue;
    ended = end->kind.empty() ? "timeout" : end->kind;
    return false;
  }
  return true;
}

}  // namespace sluice::engine
