// One AArch64 instruction, decoded by Capstone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "fuzz/image/decode.h"

namespace sluice::image {

struct Aarch64Registers {
  std::array<std::uint64_t, 32> general{};  // x0 .. x30, then the stack pointer
  std::uint64_t pc = 0;
};

// As decode() does: "ldr x8, [x9, x8, lsl #3]", and of what it reads or writes "x9+x8*8, x9 = 0x7f00, x8 = 0x14". The
// size of an access whose registers do not tell it is 0. Nothing where the bytes are no instruction.
std::optional<Decoded> decode_aarch64(std::span<const std::uint8_t> bytes, const Aarch64Registers& registers);

}  // namespace sluice::image
