// The second opinion on an instruction.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "fuzz/image/zydis.h"

namespace sluice::image {

// What Capstone says otherwise of the bytes' length and of the explicit memory operand; empty where they agree.
std::string ask_capstone(std::span<const std::uint8_t> bytes, const Instruction& instruction);

}  // namespace sluice::image
