#include "fuzz/engine/job.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sluice::engine {

namespace {

// For what is not the driver's: before it starts a large image is decoded, and content may be slow to change.
constexpr std::uint64_t kOwnMs = 60'000;
constexpr std::uint64_t kPatience = 20;  // times the processor's time may pass on a busy machine

std::string end_text(int status) {
  if (WIFEXITED(status)) return "exit-code-" + std::to_string(WEXITSTATUS(status));
  if (WTERMSIG(status) == SIGSYS) return "forbidden-system-call";
  const char* name = sigabbrev_np(WTERMSIG(status));
  return name != nullptr ? "signal-" + std::string(name) : "signal-" + std::to_string(WTERMSIG(status));
}

}  // namespace

bool Job::start(const ChildPlan& plan, std::string& problem) {
  if (shared_ == nullptr) shared_ = map_shared();
  if (shared_ == nullptr) {
    problem = std::string("shared memory: ") + std::strerror(errno);
    return false;
  }
  shared_->phase = Phase::starting;
  shared_->current_size = 0;
  shared_->pulse.is_inside = 0;
  // What a child left behind that did not come back is of no use to the next.
  ::sem_init(&shared_->inquiry.asked, 1, 0);
  ::sem_init(&shared_->inquiry.answered, 1, 0);
  ChildPlan mine = plan;
  mine.shared = shared_;
  mine.files = &build_.files;
  mine.format = build_.format.get();
  mine.seed = plan.seed + 1000 * restarts_;
  pid_ = ::fork();
  if (pid_ < 0) {
    problem = std::string("fork: ") + std::strerror(errno);
    return false;
  }
  if (pid_ == 0) {
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    // Ctrl-C reaches the whole group of a terminal: it is the supervisor's to answer.
    ::signal(SIGINT, SIG_IGN);
    be_child(mine);
  }
  since_ = Clock::now();
  used_ms_ = 0;
  calls_ = shared_->pulse.calls;
  return true;
}

std::uint64_t Job::processor_ms() const {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<std::uint64_t>(time.tv_sec) * 1000 + static_cast<std::uint64_t>(time.tv_nsec) / 1'000'000;
}

std::optional<Job::Ended> Job::look() {
  if (pid_ <= 0) return std::nullopt;
  int status = 0;
  const pid_t got = ::waitpid(pid_, &status, WNOHANG);
  if (got == pid_) {
    pid_ = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == kChildDone && shared_->phase == Phase::done) {
      state_ = State::done;
      return std::nullopt;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == kChildCannot) {
      state_ = State::cannot;
      problem_.assign(shared_->problem, ::strnlen(shared_->problem, sizeof shared_->problem));
      return std::nullopt;
    }
    return end_on(end_text(status));
  }
  const bool is_inside = shared_->pulse.is_inside != 0;
  const std::uint64_t calls = shared_->pulse.calls;
  const std::uint64_t used = processor_ms();
  const auto now = Clock::now();
  if (calls != calls_) {
    calls_ = calls;
    used_ms_ = used;
    since_ = now;
  }
  const bool is_drivers = is_inside && shared_->phase != Phase::starting;
  const std::uint64_t may_use = is_drivers ? options_.timeout_ms : std::max(kOwnMs, options_.timeout_ms);
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - since_).count();
  const bool is_late = used - used_ms_ > may_use || static_cast<std::uint64_t>(waited) > kPatience * may_use;
  if (!is_late) return std::nullopt;
  kill();
  return end_on(is_drivers ? "timeout" : "");
}

std::optional<Job::Ended> Job::end_on(const std::string& kind) {
  ++restarts_;
  if (shared_->phase == Phase::starting) {
    state_ = State::cannot;
    problem_ = "the target ends before it has content: " + (kind.empty() ? "timeout" : kind);
    return std::nullopt;
  }
  Ended ended{.kind = kind, .input = {}, .execution = shared_->executions};
  const std::size_t size = std::min<std::size_t>(shared_->current_size, kMaxInput);
  ended.input.assign(shared_->current, shared_->current + size);
  return ended;
}

void Job::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
}

std::optional<Job::Found> Job::next_fault() {
  if (shared_ == nullptr) return std::nullopt;
  const std::uint32_t count = std::min<std::uint32_t>(shared_->num_faults, kMaxFaultsFound);
  if (taken_ >= count) return std::nullopt;
  const FaultFound told = shared_->faults[taken_++];
  const auto [recipe, input] = parts_of(*shared_, told);
  return Found{.fault = told.fault,
               .input = {input.begin(), input.end()},
               .recipe = {recipe.begin(), recipe.end()},
               .execution = told.execution,
               .is_escape = told.is_escape != 0};
}

}  // namespace sluice::engine
