// Which contents of a corpus a build takes longest over.
#pragma once

#include <cstdint>
#include <map>
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

  // Of several measurements of one content the least counts. 0 is none: it faulted.
  void add(const std::string& name, std::uint64_t nanoseconds);

  // The slowest first; of what takes the same the smaller name.
  [[nodiscard]] std::vector<Timed> slowest() const { return first(kMost); }
  // What should be measured again, for one measurement may have met with something else: twice as many as are told.
  [[nodiscard]] std::vector<std::string> candidates() const;
  // Half of all contents take no longer; 0: there are none.
  [[nodiscard]] std::uint64_t usual() const;

 private:
  [[nodiscard]] std::vector<Timed> first(std::size_t count) const;

  std::map<std::string, std::uint64_t> all_;
};

}  // namespace sluice::engine
