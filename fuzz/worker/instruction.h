// The instruction that a fault came from.
#pragma once

#include <ucontext.h>

#include "fuzz/image/decode.h"
#include "fuzz/worker/fault_json.h"
#include "fuzz/worker/fault_record.h"

namespace sluice::worker {

image::Registers registers_of(const ucontext_t& context);

// In the child, from a signal handler: bytes and registers.
void record_instruction(InstructionRecord& record, const ucontext_t& context);

// In the supervisor: what they mean, and from that the size of the access where the fault does not have it. Null where
// there is none, or where the bytes are no instruction. Nothing in the record is believed.
Json instruction_json(FaultRecord& fault);

}  // namespace sluice::worker
