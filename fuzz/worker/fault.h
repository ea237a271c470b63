// How a child tells its one fault: it fills the record, says that it is done, and ends.
#pragma once

#include <cstdint>

#include "fuzz/worker/fault_record.h"
#include "fuzz/worker/shared.h"

namespace sluice::worker {

// The child's, valid from its first instruction on.
extern Shared* shared;

// How a child ends that has said all it had to say; a driver that ends its process does it otherwise.
inline constexpr int kChildDone = 81;

// An empty record. Where a fault is being told already, what it holds is told, and this does not return: the driver has
// damaged what telling needs.
FaultRecord& begin_fault(FaultKind kind);
[[nodiscard]] bool is_telling_fault();
[[noreturn]] void end_fault();

// The adapter is wrong, in words.
[[noreturn]] void adapter_fault(const char* text, std::uint32_t number = 0, bool has_number = false);

// Answers the order that was read last.
void say_done();
// say_done(), then ends the child.
[[noreturn]] void say_done_and_end();
// Waits for an order. False if the supervisor is gone.
bool read_order();

}  // namespace sluice::worker
