#include "fuzz/image/breakpoints.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "fuzz/image/zydis.h"

namespace sluice::image {

namespace {

constexpr std::uint8_t kTrap = 0xCC;
constexpr std::size_t kMostBytes = ZYDIS_MAX_INSTRUCTION_LENGTH;
constexpr std::size_t kJumpBytes = 5;
constexpr std::size_t kCopySize = 32;
static_assert(kMostBytes + kJumpBytes <= kCopySize);

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

struct Copy {
  std::array<std::uint8_t, kCopySize> bytes{};
  std::size_t size = 0;
};

// The instruction at `from` as it must be at `to` to do the same, and a jump to the one behind it.
Parsed<Copy> displaced(std::span<const std::uint8_t> bytes, std::uintptr_t from, std::uintptr_t to) {
  Instruction decoded;
  if (!decode_instruction(bytes, decoded)) return std::unexpected("begins with bytes that are no instruction");
  const ZydisDecodedInstruction& instruction = decoded.info;
  // One that coverage has set, perhaps: what it stands on is not known here.
  if (instruction.mnemonic == ZYDIS_MNEMONIC_INT3) return std::unexpected("begins with a trap");
  Copy copy;
  copy.size = instruction.length;
  std::copy_n(bytes.begin(), copy.size, copy.bytes.begin());
  const auto moved = static_cast<std::int64_t>(to) - static_cast<std::int64_t>(from);
  if ((instruction.attributes & ZYDIS_ATTRIB_IS_RELATIVE) != 0) {
    bool good = true;
    for (const auto& immediate : instruction.raw.imm) {
      if (immediate.is_relative) good = good && correct(&copy.bytes[immediate.offset], moved, immediate.size);
    }
    const bool is_by_rip =
        instruction.raw.disp.size != 0 && instruction.raw.modrm.mod == 0 && instruction.raw.modrm.rm == 5;
    if (is_by_rip) good = good && correct(&copy.bytes[instruction.raw.disp.offset], moved, instruction.raw.disp.size);
    if (!good) return std::unexpected("begins with an instruction that cannot be moved, a short jump or the like");
  }
  const std::int64_t jump = (static_cast<std::int64_t>(from) + instruction.length) -
                            (static_cast<std::int64_t>(to + copy.size) + static_cast<std::int64_t>(kJumpBytes));
  const auto narrow = static_cast<std::int32_t>(jump);
  if (narrow != jump) return std::unexpected("lies too far from where its first instruction would be copied to");
  copy.bytes[copy.size] = 0xE9;
  std::memcpy(&copy.bytes[copy.size + 1], &narrow, sizeof narrow);
  copy.size += kJumpBytes;
  return copy;
}

}  // namespace

Parsed<void> Breakpoints::set(std::uint32_t offset) {
  const auto at = std::ranges::lower_bound(breakpoints_, offset, {}, &Breakpoint::offset);
  if (at != breakpoints_.end() && at->offset == offset) return {};
  const Section* section = section_at(mapped_->file(), offset);
  if (section == nullptr || !section->is_executable) return std::unexpected("is no code");
  if (copies_ == nullptr) copies_ = arena_->take(kPage);
  if (copies_ == nullptr || num_copies_ == kPage / kCopySize) return std::unexpected("is one breakpoint too many");

  const std::size_t room = std::min<std::size_t>(kMostBytes, section->size - (offset - section->offset));
  std::uint8_t* to = copies_ + num_copies_ * kCopySize;
  const std::span<const std::uint8_t> bytes(mapped_->begin() + offset, room);
  const auto copy = displaced(bytes, mapped_->address() + offset, reinterpret_cast<std::uintptr_t>(to));
  if (!copy) return std::unexpected(copy.error());
  ::mprotect(copies_, kPage, PROT_READ | PROT_WRITE);
  std::copy_n(copy->bytes.begin(), copy->size, to);
  ::mprotect(copies_, kPage, PROT_READ | PROT_EXEC);
  ++num_copies_;
  breakpoints_.insert(at, {.offset = offset, .continue_at = reinterpret_cast<std::uintptr_t>(to)});
  const std::uint8_t trap[] = {kTrap};
  mapped_->patch(offset, trap);
  return {};
}

const Breakpoint* Breakpoints::before(std::uintptr_t pc) const {
  if (!mapped_->is_inside(pc - 1)) return nullptr;
  const std::uint32_t offset = mapped_->offset_of(pc - 1);
  const auto at = std::ranges::lower_bound(breakpoints_, offset, {}, &Breakpoint::offset);
  return at != breakpoints_.end() && at->offset == offset ? &*at : nullptr;
}

}  // namespace sluice::image
