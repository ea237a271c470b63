// The coverage goal of a gate: each input of each template type by each operator that reads it, and which of them a
// campaign has executed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/engine/job.h"

namespace sluice::engine {

struct DarkOperator {
  std::optional<Integer> type;  // of the template; none: builds name no types, and any is meant
  std::string type_name;        // as the driver describes it; may be empty
  Integer input = 0;
  std::string name;          // the operator, as the schema labels it; empty: it has none
  bool is_accepted = false;  // the driver has loaded content with it
  std::string text;          // all of that in words
};

struct Operators {
  std::string build;
  std::string not_told;  // why; empty: all else is filled
  std::size_t expressible = 0;
  std::size_t executed = 0;
  bool is_by_events = false;  // an event came to it; false: content with it was loaded, the driver tells no more
  struct Type {
    std::optional<Integer> type;
    std::string name;
    Integer inputs = 0;
  };
  std::vector<Type> types;         // what is counted, ascending
  std::vector<DarkOperator> dark;  // the first kMostDark of them
  std::size_t left_out = 0;
};
inline constexpr std::size_t kMostDark = 1000;

// Of one build, by all of its jobs.
[[nodiscard]] Operators operators_of(const BuildOptions& build, const std::vector<std::unique_ptr<Job>>& jobs);

}  // namespace sluice::engine
