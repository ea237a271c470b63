// Events as the driver sees them. Values lie in one block with gaps between them; the inputs of the current event end
// at a guard. Building the next event touches only those: no system call, no allocation.
#pragma once

#include <span>

#include "fuzz/target/target.h"
#include "fuzz/worker/object.h"

namespace sluice::worker {

class EventMemory {
 public:
  [[nodiscard]] bool map();
  void arm();

  // Takes events that check_events() has passed; the blob must stay until they have been used. `poison` fills the gaps.
  void load(std::span<const std::uint8_t> blob, std::uint8_t poison);
  [[nodiscard]] std::uint32_t size() const { return num_events_; }
  // The first event after load(), then the second, ...; at most size() times. Valid until the next call.
  const sluice_event& next();

  bool find(std::uintptr_t address, Object& object) const;

 private:
  [[nodiscard]] sluice_input* table() const { return reinterpret_cast<sluice_input*>(table_.begin()); }
  void shape_inputs(std::uint32_t count);

  GuardedArea values_;
  GuardedArea table_;   // a sluice_input for each value
  GuardedArea inputs_;  // of the current event
  std::size_t used_ = 0;
  std::uint32_t num_values_ = 0;
  std::uint32_t num_events_ = 0;
  const std::uint8_t* at_ = nullptr;
  sluice_event event_{};
};

}  // namespace sluice::worker
