// The driver that ships and its replica, side by side: what one comes to, the other must come to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "validator/run/evaluation.h"

namespace sluice::run {

// The first difference: an event, or without one load.
struct Drift {
  std::string image;  // what it did: "returned 0x00000002"
  std::string replica;
  std::optional<Asked> asked;
};

// What the image came to: filled while it is asked.
class Ledger {
 public:
  // Writes down all that `evaluation` asks from now on.
  void follow(Evaluation& evaluation);

  // Asks `replica` the same. Empty: it does the same, or `problem` says why that is not known.
  [[nodiscard]] std::optional<Drift> compare(const Outcome& image, Worker& replica, Content& content,
                                             const Values& values, std::uint64_t criteria, std::string& problem) const;

 private:
  std::vector<Asked> asked_;
  std::vector<std::optional<Result>> results_;  // empty: it ended in a fault
};

}  // namespace sluice::run
