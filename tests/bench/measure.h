// Times and memory. Contenders take turns, so that whatever else the machine does hits all of them alike, and the best
// round of each counts.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sluice::bench {

struct Contender {
  std::string name;
  std::function<void()> run;
  double best = 0;  // seconds on the processor, of this thread; 0: not run yet
};

// Runs all contenders in turn, `rounds` times, after one round that is not counted.
void race(std::vector<Contender>& contenders, int rounds);

// How a program ran.
struct Run {
  int exit_code = -1;
  double wall = 0;           // seconds
  double processor = 0;      // seconds of user and system time, all threads
  std::uint64_t memory = 0;  // bytes resident at the most: pages of mapped files, and this process when it started it
};

// Runs `work` in a process of its own, so that its memory is not counted in the figures of programs run later; ends
// this process if that one does not end well.
void apart(const std::function<void()>& work);

// Runs `command` (looked up in PATH, its output thrown away) and waits for it.
[[nodiscard]] Run run_program(const std::vector<std::string>& command);

// The best of several runs by each figure on its own; all must exit with `exit_code`, or this process ends.
[[nodiscard]] Run best_run(const std::vector<std::string>& command, int rounds, int exit_code = 0);

// Ends the benchmark if a contender gives a wrong answer: figures of a wrong answer mean nothing.
void require(bool good, const std::string& what);

}  // namespace sluice::bench
