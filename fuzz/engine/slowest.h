// Which contents of a corpus a build takes longest over.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::engine {

class Slowest {
 public:
  static constexpr std::size_t kMost = 5;
  struct Timed {
    std::uint64_t nanoseconds = 0;
    std::string name;
  };

  void add(const std::string& name, std::uint64_t nanoseconds) { all_.push_back({nanoseconds, name}); }

  // Twice as many as are told, the slowest first: one measurement may have met with something else.
  [[nodiscard]] std::vector<Timed> candidates() const;
  // Half of all contents take no longer; 0: there are none.
  [[nodiscard]] std::uint64_t usual() const;

 private:
  std::vector<Timed> all_;
};

// The slowest first; of what takes the same the smaller name.
void sort_slowest(std::vector<Slowest::Timed>& all);

}  // namespace sluice::engine
