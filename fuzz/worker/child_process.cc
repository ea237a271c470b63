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

ChildProcess::Outcome ChildProcess::wait(std::uint64_t token, std::uint32_t patience) {
  constexpr short kHungUp = POLLHUP | POLLERR;
  pollfd watched[2] = {{answers_.get(), POLLIN, 0}, {process_.get(), POLLIN, 0}};
  const auto may_take = std::chrono::milliseconds(std::uint64_t{options_.wall_ms} * patience);
  const std::uint64_t may_use = std::uint64_t{options_.cpu_ms} * patience;
  const std::size_t may_hold = options_.memory;

  Advance at = advance_of(shared_.progress);
  Clock::time_point since = Clock::now();
  std::uint64_t used = 0;
  bool knows_use = false;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(may_take - (Clock::now() - since)).count();
    const int slice = static_cast<int>(std::clamp<std::int64_t>(left + 1, 1, kSliceMs));
    if (::poll(watched, 2, slice) < 0 && errno != EINTR) return Outcome::ended;
    if ((watched[0].revents & POLLIN) != 0) return take_answer(token);
    if ((watched[1].revents & POLLIN) != 0) return Outcome::ended;
    if ((watched[0].revents & kHungUp) != 0) {
      // It has closed its pipe, most likely because it ends just now.
      constexpr int kMomentMs = 200;
      return ::poll(&watched[1], 1, kMomentMs) == 1 ? Outcome::ended : Outcome::silent;
    }
    const Advance now = advance_of(shared_.progress);
    if (now > at || !knows_use) {
      if (now > at) since = Clock::now();
      at = std::max(at, now);
      used = processor_ms();
      knows_use = true;
    }
    if (resident() > may_hold) return Outcome::too_large;
    if (processor_ms() - used > may_use) return Outcome::too_busy;
    if (Clock::now() - since >= may_take) return Outcome::too_slow;
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
