#include "fuzz/engine/job_oracle.h"

#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

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

Fault end_of(const std::string& kind) {
  Fault fault{};
  kind.copy(fault.kind, sizeof fault.kind - 1);
  fault.offset = kNoOffset;
  fault.event = kNoEvent;
  return fault;
}

}  // namespace

std::unique_ptr<JobOracle> JobOracle::start(const Options& options, const BuildOptions& build, const std::string& work,
                                            std::string& problem, Task task) {
  std::unique_ptr<JobOracle> oracle(new JobOracle(options, build, work, task));
  std::string ended;
  if (oracle->start() && oracle->wait_for_answer(ended)) return oracle;
  problem = oracle->problem_.empty() ? "the target ends before it has content: " + ended : oracle->problem_;
  return nullptr;
}

JobOracle::~JobOracle() = default;

// The first answer is to no question: that it has started.
bool JobOracle::start() {
  ChildPlan plan{.folder = work_, .seeds = work_, .seed_list = {}, .log = work_ + "/log", .blamed = {}};
  plan.answers = true;
  plan.weighs = task_ == Task::weigh;
  return job_.start(plan, problem_);
}

bool JobOracle::wait_for_answer(std::string& ended) {
  while (!take(job_.shared().inquiry.answered)) {
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

void JobOracle::ask(std::span<const std::uint8_t> input, bool explores) {
  is_asked_ = false;
  if (input.size() > kMaxInput || !problem_.empty()) return;
  std::string ended;
  if (!job_.is_running() && (!start() || !wait_for_answer(ended))) {
    if (problem_.empty()) problem_ = "the target cannot be started again: " + ended;
    return;
  }
  Shared& shared = job_.shared();
  std::ranges::copy(input, shared.current);
  shared.current_size = static_cast<std::uint32_t>(input.size());
  Inquiry& inquiry = shared.inquiry;
  inquiry.explores = static_cast<std::uint32_t>(explores);
  inquiry.num_faults = 0;
  inquiry.is_accepted = 0;
  inquiry.is_new = 0;
  inquiry.nanoseconds = 0;
  ::sem_post(&inquiry.asked);
  is_asked_ = true;
}

Observation JobOracle::answer() {
  Observation observation;
  if (!is_asked_) return observation;
  std::string ended;
  Inquiry& inquiry = job_.shared().inquiry;
  const bool is_answered = wait_for_answer(ended);
  // What the child found before it ended counts too.
  observation.is_accepted = inquiry.is_accepted != 0;
  observation.is_new = inquiry.is_new != 0;
  observation.nanoseconds = inquiry.nanoseconds;
  const std::size_t count = std::min<std::size_t>(inquiry.num_faults, kMostAnswered);
  for (std::size_t i = 0; i < count; ++i) {
    const Fault fault = inquiry.faults[i];  // a copy: the child may write to it
    if (!has_fault(observation, hash_of(fault))) observation.faults.push_back(fault);
  }
  if (!is_answered && !ended.empty()) observation.faults.push_back(end_of(ended));
  return observation;
}

}  // namespace sluice::engine
