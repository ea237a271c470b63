// A fault as a sentence.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/worker/fault_record.h"

namespace sluice::worker {

std::string_view access_word(Access access);

// "read of 8 bytes, 0 bytes past the end of a 160-byte array of 20 inputs"
std::string fault_text(const FaultRecord& fault, std::size_t stack_size);

}  // namespace sluice::worker
