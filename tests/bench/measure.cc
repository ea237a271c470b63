#include "tests/bench/measure.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace sluice::bench {

namespace {

double seconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; }

double timed(const std::function<void()>& run) {
  const double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
  run();
  return seconds(CLOCK_THREAD_CPUTIME_ID) - begin;
}

std::vector<char*> pointers(const std::vector<std::string>& command) {
  std::vector<char*> out;
  for (const std::string& word : command) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

}  // namespace

void race(std::vector<Contender>& contenders, int rounds) {
  for (Contender& c : contenders) c.run();
  for (int round = 0; round < rounds; ++round) {
    for (Contender& c : contenders) {
      const double took = timed(c.run);
      c.best = c.best == 0 ? took : std::min(c.best, took);
    }
  }
}

void apart(const std::function<void()>& work) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    std::fflush(nullptr);
    ::_exit(0);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) std::exit(2);
}

Run run_program(const std::vector<std::string>& command) {
  const std::vector<char*> arguments = pointers(command);
  const double begin = seconds(CLOCK_MONOTONIC);
  const pid_t child = ::vfork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child) return {};
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .wall = seconds(CLOCK_MONOTONIC) - begin,
          .processor = seconds(usage.ru_utime) + seconds(usage.ru_stime),
          .memory = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
}

Run best_run(const std::vector<std::string>& command, int rounds, int exit_code) {
  Run best;
  for (int round = 0; round < rounds; ++round) {
    const Run run = run_program(command);
    require(run.exit_code == exit_code, fmt::format("{} exits with {}", command[0], run.exit_code));
    if (round == 0) best = run;
    best.wall = std::min(best.wall, run.wall);
    best.processor = std::min(best.processor, run.processor);
    best.memory = std::min(best.memory, run.memory);
  }
  return best;
}

void require(bool good, const std::string& what) {
  if (good) return;
  fmt::print(stderr, "bench: {}\n", what);
  std::exit(2);
}

}  // namespace sluice::bench
