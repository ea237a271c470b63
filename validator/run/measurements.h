// How many inputs the integration code of a build really passes, measured once for each build and template type.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "validator/contract/driver.h"

namespace sluice::run {

struct Measured {
  std::uint64_t count = 0;
  bool certain = false;  // otherwise it is an upper bound
  friend bool operator==(const Measured&, const Measured&) = default;
};

// Shared by all threads.
class Measurements {
 public:
  [[nodiscard]] std::optional<Measured> find(std::size_t build, std::uint32_t type) const;
  void add(std::size_t build, std::uint32_t type, Measured measured);

  // SL0624 for each claim of the driver document that was measured and is another.
  [[nodiscard]] std::vector<Finding> judge(const contract::Driver& driver) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::size_t, std::uint32_t>, Measured> measured_;
};

// The length of the guarded array: as measured; where that is only a bound, what is claimed if it is less.
[[nodiscard]] std::optional<Integer> elements(const std::optional<Measured>& measured,
                                              const std::optional<Integer>& claimed);

}  // namespace sluice::run
