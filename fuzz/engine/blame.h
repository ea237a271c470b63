// Which field of content a fault is owed to, where no criterion is: the one that, changed alone, takes the fault away.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fuzz/engine/execution.h"
#include "fuzz/engine/shared.h"
#include "fuzz/mutate/flip.h"

namespace sluice::engine {

class Blame {
 public:
  // All are aliased.
  Blame(const mutate::Format& format, Execution& execution, const Exploration& exploration)
      : execution_(execution), exploration_(exploration), flipper_(format) {}

  // Gives each field other values, makes the rest of the content agree with it, and runs that. Of the fields with which
  // the driver loads the content and has no fault at all: one that `check` refuses before others, one that
  // leaves all parts of the file there, a number before a choice of an enum, then the one that needs the fewest bytes
  // changed, then the first. False: the fault does not come again, or no field takes it away.
  [[nodiscard]] bool find(std::span<const std::uint8_t> input, std::uint64_t fault, BlameRecord& found);

 private:
  struct Rank {
    bool is_accepted = true;   // by `check`, as it is
    bool is_reshaped = false;  // parts came or went with it
    bool is_choice = false;    // of an enum: with another name the driver does something else, and not the same right
    std::size_t changed = 0;   // bytes
    friend auto operator<=>(const Rank&, const Rank&) = default;
  };
  [[nodiscard]] bool has_fault(const Execution::Result& result, std::uint64_t fault) const;
  [[nodiscard]] bool is_clean(std::span<const std::uint8_t> content);
  [[nodiscard]] std::vector<mutate::NodeId> fields() const;
  [[nodiscard]] bool is_refused(mutate::NodeId field) const;

  Execution& execution_;
  const Exploration& exploration_;
  mutate::Flipper flipper_;
  std::span<const std::uint8_t> input_;
  std::vector<std::string> refused_;  // paths that `check` names
  bool needs_events_ = false;         // the fault comes with events that were looked for
};

// In the words of `sluice run --blame`. The record is a child's word.
[[nodiscard]] std::string blame_text(const BlameRecord& record);
// The same of the first field that `check` refuses, where nobody knows a value that takes the fault away; empty: it
// refuses none.
[[nodiscard]] std::string refused_field(const mutate::Format& format, std::span<const std::uint8_t> input);

}  // namespace sluice::engine
