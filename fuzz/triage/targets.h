// Questions to the targets of a driver, many at once: what files do, and what each build makes of what another faults
// on. Each runs in a process of its own (parallel.h), which starts the oracles that it needs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/job_oracle.h"
#include "fuzz/engine/options.h"

namespace sluice::triage {

// The builds of a driver. Starts oracles, each with a folder of its own below `scratch`. Options and format are
// aliased.
class Targets {
 public:
  // `all`: the format as it is judged for all builds together.
  Targets(const engine::Options& options, const mutate::Format& all, std::string scratch)
      : options_(options), all_(all), scratch_(std::move(scratch)) {}

  [[nodiscard]] const engine::Options& options() const { return options_; }
  [[nodiscard]] std::size_t num_builds() const { return options_.builds.size(); }
  [[nodiscard]] const mutate::Format& format() const { return all_; }
  [[nodiscard]] const engine::BuildOptions& build(std::size_t number) const { return options_.builds[number]; }
  // Null with `problem` filled: the build cannot be run.
  [[nodiscard]] std::unique_ptr<engine::JobOracle> start(std::size_t build, std::string& problem) const;
  // A file for this process.
  [[nodiscard]] std::string file(const std::string& name) const;

 private:
  const engine::Options& options_;
  const mutate::Format& all_;
  std::string scratch_;
};

// What one build does with one input.
struct Asked {
  std::size_t input = 0;  // by the number that it was asked by
  std::size_t build = 0;
  std::uint32_t tries = 0;  // until it faulted, or in vain
  std::vector<engine::Fault> faults;
};

struct Question {
  std::size_t input = 0;
  std::size_t build = 0;
};

// Gives the bytes of an input; false: they cannot be had.
using ReadInput = std::function<bool(std::size_t input, std::vector<std::uint8_t>& bytes)>;

struct Answers {
  std::vector<Asked> asked;           // of questions that were answered; by input, then build
  std::vector<std::string> problems;  // by build: why it cannot be run; empty: it can
};

// Asks each question up to `most_tries` times, until there is a fault. `jobs` at once.
[[nodiscard]] Answers ask(const Targets& targets, std::vector<Question> questions, const ReadInput& read,
                          std::uint32_t most_tries, std::size_t jobs);

}  // namespace sluice::triage
