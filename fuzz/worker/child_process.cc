#include "fuzz/worker/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <compare>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

#include "fuzz/worker/child.h"

namespace sluice::worker {

namespace {

using Clock = std::chrono::steady_clock;
using Outcome = ChildProcess::Outcome;

constexpr int kFirstOfSupervisor = 16;
constexpr int kSliceMs = 20;

// How far a child is, as it says. A child that is beside itself may say anything; only an advance counts.
struct Advance {
  std::uint32_t run = 0;
  std::uint32_t phase = 0;
  std::uint32_t event = 0;
  auto operator<=>(const Advance&) const = default;
};

Advance advance_of(const Progress& progress) {
  return {.run = progress.run.load(std::memory_order_relaxed),
          .phase = static_cast<std::uint32_t>(progress.phase.load(std::memory_order_relaxed)),
          .event = progress.event.load(std::memory_order_relaxed)};
}

bool make_pipe(Descriptor& reader, Descriptor& writer) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  reader = move_up(ends[0]);
  writer = move_up(ends[1]);
  return reader.is_open() && writer.is_open();
}

}  // namespace

void Descriptor::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Descriptor move_up(int fd) {
  const int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, kFirstOfSupervisor);
  ::close(fd);
  return Descriptor(moved);
}

bool ChildProcess::start() {
  Descriptor orders;
  Descriptor answers;
  if (!make_pipe(orders, orders_) || !make_pipe(answers_, answers)) return false;
  // All children share where it was read to.
  if (::lseek(target_, 0, SEEK_SET) < 0) return false;
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) return false;
  if (pid_ == 0) {
    be_child({.options = &options_,
              .shared = &shared_,
              .parent = parent,
              .orders = orders.get(),
              .answers = answers.get(),
              .target = target_,
              .null = null_});
  }
  process_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (process_.is_open()) return true;
  end();
  return false;
}

void ChildProcess::end() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, &wait_status_, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  process_.close();
  orders_.close();
  answers_.close();
}

ChildProcess::Outcome ChildProcess::order(std::uint32_t patience) {
  // Not what a driver would write by accident to whatever descriptor it finds.
  const std::uint64_t token = ++last_token_ ^ 0x534C554943450000u;
  // A child that is gone has closed its end: SIGPIPE is ignored, and wait() sees the rest.
  while (::write(orders_.get(), &token, sizeof token) < 0 && errno == EINTR) {
  }
  return wait(token, patience);
}

ChildProcess::Outcome ChildProcess::take_answer(std::uint64_t token) {
  std::uint64_t said = 0;
  ssize_t got = 0;
  do {
    got = ::read(answers_.get(), &said, sizeof said);
  } while (got < 0 && errno == EINTR);
  return got == sizeof said && said == token ? Outcome::done : Outcome::silent;
}

std::optional<ChildProcess::Outcome> ChildProcess::look(std::uint64_t token, int wait_ms) {
  constexpr short kHungUp = POLLHUP | POLLERR;
  pollfd watched[3] = {{answers_.get(), POLLIN, 0}, {process_.get(), POLLIN, 0}, {reader_, 0, 0}};
  if (::poll(watched, 3, wait_ms) < 0 && errno != EINTR) return Outcome::ended;
  if ((watched[0].revents & POLLIN) != 0) return take_answer(token);
  if ((watched[1].revents & POLLIN) != 0) return Outcome::ended;
  if ((watched[2].revents & POLLERR) != 0) return Outcome::unwanted;
  if ((watched[0].revents & kHungUp) == 0) return std::nullopt;
  // It has closed its pipe, most likely because it ends just now.
  constexpr int kMomentMs = 200;
  return ::poll(&watched[1], 1, kMomentMs) == 1 ? Outcome::ended : Outcome::silent;
}

ChildProcess::Outcome ChildProcess::wait(std::uint64_t token, std::uint32_t patience) {
  const auto may_take = std::chrono::milliseconds(std::uint64_t{options_.wall_ms} * patience);
  const std::uint64_t may_use = std::uint64_t{options_.cpu_ms} * patience;
  // A machine that was asleep, or a supervisor that was stopped, is no fault of the driver's.
  constexpr Clock::duration kMostCounted = std::chrono::milliseconds(10 * kSliceMs);

  Advance at = advance_of(shared_.progress);
  Clock::time_point before = Clock::now();
  Clock::duration taken{};
  std::optional<std::uint64_t> used_before;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(may_take - taken).count();
    const auto outcome = look(token, static_cast<int>(std::clamp<std::int64_t>(left, 1, kSliceMs)));
    if (outcome) return *outcome;
    const Clock::time_point now = Clock::now();
    taken += std::min(now - before, kMostCounted);
    before = now;
    const std::uint64_t used = processor_ms();
    if (const Advance advance = advance_of(shared_.progress); advance > at || !used_before) {
      if (advance > at) taken = {};
      at = std::max(at, advance);
      used_before = used;
    }
    if (resident() > options_.memory) return Outcome::too_large;
    if (used - *used_before > may_use) return Outcome::too_busy;
    if (taken >= may_take) return Outcome::too_slow;
  }
}

std::uint64_t ChildProcess::processor_ms() const {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<std::uint64_t>(time.tv_sec) * 1000 + static_cast<std::uint64_t>(time.tv_nsec) / 1'000'000;
}

// What is its own: pages shared with the supervisor are not its doing.
std::size_t ChildProcess::resident() const {
  const std::string path = "/proc/" + std::to_string(pid_) + "/statm";
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char text[128] = {};
  if (!file.is_open() || ::read(file.get(), text, sizeof text - 1) <= 0) return 0;
  std::uint64_t pages[3] = {};  // all, resident, of these shared
  const char* from = text;
  for (std::uint64_t& number : pages) {
    from = std::from_chars(from, std::end(text), number).ptr;
    if (*from == ' ') ++from;
  }
  const std::uint64_t own = pages[1] > pages[2] ? pages[1] - pages[2] : 0;
  return own * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace sluice::worker
