// How many inputs the integration code of a build really passes, measured once for each build and template type.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "validator/contract/driver.h"

namespace sluice::run {

struct Measured {
  std::uint64_t count = 0;
  bool certain = false;  // otherwise it is an upper bound
  friend bool operator==(const Measured&, const Measured&) = default;
};

using Supplies = std::map<std::uint32_t, Measured>;  // of one build, by template type

// Shared by all threads. Files are known by their place in the order given: of several that a template type can be
// measured in the first one's figure holds, whichever thread came first.
class Measurements {
 public:
  // Whether it is of use to measure in `file`: no file before it has told.
  [[nodiscard]] bool is_wanted(std::size_t build, std::uint32_t type, std::size_t file) const;
  void add(std::size_t build, std::uint32_t type, std::size_t file, Measured measured);
  // The worker failed at it. Told of the file if no file before it has made that needless.
  void fail(std::size_t build, std::uint32_t type, std::size_t file, std::string problem);

  // When all files have been looked at.
  [[nodiscard]] std::optional<Measured> find(std::size_t build, std::uint32_t type) const;
  [[nodiscard]] Supplies of_build(std::size_t build) const;
  [[nodiscard]] std::optional<std::string> failure(std::size_t build, std::size_t file) const;
  // SL0624 for each claim of the driver document that was measured and is another.
  [[nodiscard]] std::vector<Finding> judge(const contract::Driver& driver) const;

 private:
  using Key = std::pair<std::size_t, std::uint32_t>;
  struct Entry {
    std::size_t file;
    Measured measured;
  };
  struct Failure {
    std::uint32_t type;
    std::string problem;
  };
  [[nodiscard]] bool has_earlier(const Key& key, std::size_t file) const;

  mutable std::mutex mutex_;
  std::map<Key, Entry> measured_;
  std::map<std::pair<std::size_t, std::size_t>, Failure> failures_;  // by build and file
};

// The length of the guarded array: as measured; where that is only a bound, what is claimed if it is less.
[[nodiscard]] std::optional<Integer> elements(const std::optional<Measured>& measured,
                                              const std::optional<Integer>& claimed);

}  // namespace sluice::run
