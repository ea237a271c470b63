// A corpus made small: what it can do without goes.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/engine/batch.h"
#include "fuzz/engine/options.h"
#include "fuzz/engine/slowest.h"
#include "fuzz/engine/weigher.h"

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
  ~Merge();
  Merge(const Merge&) = delete;
  Merge& operator=(const Merge&) = delete;

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
  void fill(Batch& batch);
  bool end(const Batch& batch);
  void remove();
  bool measure();
  int finish(bool is_good, double seconds);

  const Options& options_;
  int folder_ = -1;  // the corpus
  std::vector<File> files_;
  std::size_t num_read_ = 0;    // of the files
  std::size_t num_called_ = 0;  // for, so that they are there when they are read
  std::vector<std::string> kept_;
  std::vector<std::string> superfluous_;
  std::vector<std::unique_ptr<Weigher>> weighers_;  // of each build
  std::vector<Slowest> times_;                      // of what is kept, on each build
  std::string problem_;
};

}  // namespace sluice::engine
