#include "fuzz/image/displaced.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "fuzz/image/zydis.h"

namespace sluice::image {

namespace {

// Adds to a displacement of 32 bits what the instruction was moved by. False where it is not one or does not reach.
bool correct(std::uint8_t* at, std::int64_t moved, std::uint8_t bits) {
  std::int32_t displacement = 0;
  if (bits != 32) return false;
  std::memcpy(&displacement, at, sizeof displacement);
  const std::int64_t corrected = displacement - moved;
  if (corrected < std::numeric_limits<std::int32_t>::min() || corrected > std::numeric_limits<std::int32_t>::max()) {
    return false;
  }
  displacement = static_cast<std::int32_t>(corrected);
  std::memcpy(at, &displacement, sizeof displacement);
  return true;
}

bool is_branch(const Instruction& instruction) {
  switch (instruction.info.meta.category) {
    case ZYDIS_CATEGORY_CALL:
    case ZYDIS_CATEGORY_COND_BR:
    case ZYDIS_CATEGORY_INTERRUPT:
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_SYSCALL:
    case ZYDIS_CATEGORY_SYSRET:
    case ZYDIS_CATEGORY_UNCOND_BR: return true;
    default: return instruction.is_stop();
  }
}

}  // namespace

Parsed<void> Displaced::add(std::span<const std::uint8_t> bytes) {
  Instruction decoded;
  if (!decode_instruction(bytes, decoded)) return std::unexpected("begins with bytes that are no instruction");
  const ZydisDecodedInstruction& instruction = decoded.info;
  // One that coverage has set, perhaps: what it stands on is not known here.
  if (instruction.mnemonic == ZYDIS_MNEMONIC_INT3) return std::unexpected("begins with a trap");
  std::uint8_t* copy = bytes_.data() + size_;
  std::copy_n(bytes.begin(), instruction.length, copy);
  const auto moved = static_cast<std::int64_t>(to_) - static_cast<std::int64_t>(from_);
  if ((instruction.attributes & ZYDIS_ATTRIB_IS_RELATIVE) != 0) {
    bool good = true;
    for (const auto& immediate : instruction.raw.imm) {
      if (immediate.is_relative) good = good && correct(copy + immediate.offset, moved, immediate.size);
    }
    const bool is_by_rip =
        instruction.raw.disp.size != 0 && instruction.raw.modrm.mod == 0 && instruction.raw.modrm.rm == 5;
    if (is_by_rip) good = good && correct(copy + instruction.raw.disp.offset, moved, instruction.raw.disp.size);
    if (!good) return std::unexpected("begins with an instruction that cannot be moved, a short jump or the like");
  }
  size_ += instruction.length;
  length_ += instruction.length;
  ends_in_branch_ = is_branch(decoded);
  return {};
}

Parsed<void> Displaced::jump_back() {
  const std::int64_t jump = static_cast<std::int64_t>(from_ + length_) - static_cast<std::int64_t>(to_ + size_ + kJump);
  const auto narrow = static_cast<std::int32_t>(jump);
  if (narrow != jump) return std::unexpected("lies too far from where its first instruction would be copied to");
  bytes_[size_] = 0xE9;
  std::memcpy(&bytes_[size_ + 1], &narrow, sizeof narrow);
  size_ += kJump;
  return {};
}

}  // namespace sluice::image
