// Instructions as Zydis has them: for the files of this room that read code, and for no public header.
#pragma once

#include <Zydis/Zydis.h>

#include <cstdint>
#include <span>
#include <string>

namespace sluice::image {

struct Instruction {
  ZydisDecodedInstruction info;
  ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];

  [[nodiscard]] std::span<const ZydisDecodedOperand> all_operands() const { return {operands, info.operand_count}; }
  [[nodiscard]] std::span<const ZydisDecodedOperand> visible_operands() const {
    return {operands, info.operand_count_visible};
  }
  // The operand that is said by a ModRM byte or, of a mov, by an address of 8 bytes; null where there is none.
  [[nodiscard]] const ZydisDecodedOperand* explicit_memory() const;
  [[nodiscard]] bool is(ZydisMnemonic mnemonic) const { return info.mnemonic == mnemonic; }
  // A direct jump or call, conditional or not.
  [[nodiscard]] bool is_relative_branch() const;
  // jcc, loop and jrcxz: goes on behind itself as well.
  [[nodiscard]] bool is_conditional_branch() const;
  // Nothing runs behind it, whatever it was asked: ud2, int3, iret, int 29h (a fast fail). Returns and jumps are
  // others.
  [[nodiscard]] bool is_stop() const;
  // Of a relative branch. Addresses count as those of the instruction do; what lies outside of 64 bits wraps around.
  [[nodiscard]] std::uint64_t target(std::uint64_t address) const;
};

// 64-bit code. False where the bytes are no instruction. May be called from a signal handler.
bool decode_instruction(std::span<const std::uint8_t> bytes, Instruction& instruction);

// Intel syntax; targets of branches as addresses, of rip-relative operands as they are written.
std::string format_instruction(const Instruction& instruction, std::uint64_t address);

// Whether the operand is an address only, or memory that the instruction does not touch: lea, nop, prefetch, ud1.
bool is_address_only(const Instruction& instruction, const ZydisDecodedOperand& operand);

}  // namespace sluice::image
