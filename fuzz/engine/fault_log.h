// What a child tells of its faults, in memory that it shares: the first input of each, and then others of the same
// fault that are not nearly the same input.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "fuzz/engine/shared.h"

namespace sluice::engine {

class FaultLog {
 public:
  // `shared` is aliased. What a child before this one has told is known.
  FaultLog(Shared& shared, std::uint64_t inputs_per_fault);

  // Whether an input that shows it was told, or there is no room for one more fault.
  [[nodiscard]] bool knows(const Fault& fault, bool is_escape) const;
  // Whether the input is to be told. `parent` is a number for what it was made of: of one parent there are further
  // inputs only now and then.
  [[nodiscard]] bool wants(const Fault& fault, bool is_escape, std::span<const std::uint8_t> input,
                           std::uint64_t parent);
  // Where there is no room for it, does nothing. Room for the first input of each of kMaxFaults is never given away.
  void put(const Fault& fault, bool is_escape, std::span<const std::uint8_t> input, std::uint64_t parent,
           std::string_view recipe);

 private:
  struct Told {
    std::uint64_t hash;                 // of the fault
    std::uint64_t last;                 // execution
    std::vector<std::uint64_t> inputs;  // hashes
    std::vector<std::uint64_t> parents;
  };
  [[nodiscard]] const Told* find(std::uint64_t hash) const;  // null: it was not told
  Told& told_of(std::uint64_t hash);
  void note(const FaultFound& found, std::span<const std::uint8_t> input);

  Shared& shared_;
  const std::uint64_t inputs_per_fault_;
  std::vector<Told> all_;
  std::size_t used_ = 0;  // of Shared::fault_bytes
};

}  // namespace sluice::engine
