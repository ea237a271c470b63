#include "fuzz/triage/parallel.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace sluice::triage {

namespace {

struct Running {
  std::size_t number = 0;
  pid_t pid = 0;
  int from = -1;
  std::string said;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

bool start(Running& running, const std::function<std::string(std::size_t)>& work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  const pid_t parent = ::getpid();
  running.pid = ::fork();
  if (running.pid < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    return false;
  }
  if (running.pid == 0) {
    ::close(ends[0]);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    ::_exit(write_all(ends[1], work(running.number)) ? 0 : 1);
  }
  ::close(ends[1]);
  running.from = ends[0];
  return true;
}

// False: it has said all.
bool hear(Running& running) {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::read(running.from, buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) return false;
  running.said.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

bool has_ended_well(const Running& running) {
  ::close(running.from);
  int status = 0;
  while (::waitpid(running.pid, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

bool in_parallel(std::size_t count, std::size_t jobs, const std::function<std::string(std::size_t)>& work,
                 const std::function<void(std::size_t, const std::string*)>& done) {
  std::vector<Running> running;
  std::size_t next = 0;
  bool can_start = true;
  while ((next < count && can_start) || !running.empty()) {
    while (can_start && next < count && running.size() < std::max<std::size_t>(jobs, 1)) {
      Running started{.number = next, .pid = 0, .from = -1, .said = {}};
      can_start = start(started, work);
      if (!can_start) break;
      running.push_back(std::move(started));
      ++next;
    }
    std::vector<pollfd> waits;
    for (const Running& each : running) waits.push_back({.fd = each.from, .events = POLLIN, .revents = 0});
    if (::poll(waits.data(), waits.size(), -1) < 0) continue;
    for (std::size_t i = running.size(); i-- > 0;) {
      if (waits[i].revents == 0 || hear(running[i])) continue;
      const bool is_good = has_ended_well(running[i]);
      done(running[i].number, is_good ? &running[i].said : nullptr);
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return can_start;
}

}  // namespace sluice::triage
