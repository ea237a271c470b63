// A corpus made small: what it can do without goes.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/engine/job_oracle.h"
#include "fuzz/engine/options.h"
#include "fuzz/engine/slowest.h"

namespace sluice::engine {

// Runs each file once on every build, the smallest first, and keeps those that come to something that none before came
// to. Only then the others go, one after the other: whenever it is killed what is left comes to the same.
//
// Any number of workers may do this in one folder, and add to it: of all files that come to a thing the smallest (by
// size, then by name) is kept by everyone who knows it, so that nobody removes the last. Files that are not named by
// their hash are somebody else's, and are left alone.
class Merge {
 public:
  explicit Merge(const Options& options) : options_(options) {}

  // Returns the exit code: 0 it was done, 2 it could not be, and nothing was removed.
  int run();

 private:
  struct File {
    std::uintmax_t size;
    std::string name;
    friend auto operator<=>(const File&, const File&) = default;
  };
  bool list();
  bool start(const std::filesystem::path& work);
  bool weigh();
  bool is_new(const std::vector<std::uint8_t>& bytes);
  void measure();
  [[nodiscard]] std::uint64_t measure_again(JobOracle& oracle, const Slowest::Timed& one);
  bool remember(JobOracle& oracle);
  void remove();
  int finish(bool is_good, double seconds);

  const Options& options_;
  std::vector<File> files_;
  std::vector<std::string> kept_;
  std::vector<std::string> superfluous_;
  std::vector<std::unique_ptr<JobOracle>> oracles_;
  std::vector<std::uint32_t> restarts_;
  std::vector<std::uint64_t> took_;  // the last file, on each build
  struct OfBuild {
    Slowest all;
    std::vector<Slowest::Timed> slowest;
  };
  std::vector<OfBuild> times_;  // of what is kept
  std::uint64_t executions_ = 0;
  std::string problem_;
};

}  // namespace sluice::engine
