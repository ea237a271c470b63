#include "fuzz/image/zydis.h"

#include <algorithm>
#include <array>

namespace sluice::image {

namespace {

ZydisDecoder make_decoder() {
  ZydisDecoder made;
  ZydisDecoderInit(&made, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  return made;
}

// Made before main: the signal handlers that decode must not be the first to ask.
const ZydisDecoder decoder = make_decoder();  // NOLINT(cert-err58-cpp): it does not throw

ZydisFormatter make_formatter() {
  ZydisFormatter formatter;
  ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
  const std::pair<ZydisFormatterProperty, ZyanUPointer> properties[] = {
      {ZYDIS_FORMATTER_PROP_FORCE_SIZE, ZYAN_TRUE},
      {ZYDIS_FORMATTER_PROP_FORCE_RELATIVE_RIPREL, ZYAN_TRUE},
      {ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE},
      {ZYDIS_FORMATTER_PROP_DISP_PADDING, ZYDIS_PADDING_DISABLED},
      {ZYDIS_FORMATTER_PROP_IMM_PADDING, ZYDIS_PADDING_DISABLED},
      {ZYDIS_FORMATTER_PROP_ADDR_PADDING_ABSOLUTE, ZYDIS_PADDING_DISABLED},
      {ZYDIS_FORMATTER_PROP_ADDR_PADDING_RELATIVE, ZYDIS_PADDING_DISABLED}};
  for (const auto& [property, value] : properties) ZydisFormatterSetProperty(&formatter, property, value);
  return formatter;
}

// A coprocessor's own instructions, which Zydis decodes where every other processor sees none.
bool is_of_knights_corner(const ZydisDecodedInstruction& info) {
  switch (info.meta.isa_ext) {
    case ZYDIS_ISA_EXT_KNC:
    case ZYDIS_ISA_EXT_KNCE:
    case ZYDIS_ISA_EXT_KNCV: return true;
    default: return false;
  }
}

}  // namespace

const ZydisDecodedOperand* Instruction::explicit_memory() const {
  const auto operand = std::ranges::find_if(all_operands(), [](const ZydisDecodedOperand& one) {
    return one.type == ZYDIS_OPERAND_TYPE_MEMORY && one.visibility == ZYDIS_OPERAND_VISIBILITY_EXPLICIT;
  });
  return operand == all_operands().end() ? nullptr : &*operand;
}

bool Instruction::is_relative_branch() const {
  return info.operand_count > 0 && operands[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE && operands[0].imm.is_relative != 0;
}

bool Instruction::is_conditional_branch() const {
  return is_relative_branch() && !is(ZYDIS_MNEMONIC_JMP) && !is(ZYDIS_MNEMONIC_CALL);
}

bool Instruction::is_stop() const {
  constexpr std::uint64_t kFastFail = 0x29;
  switch (info.mnemonic) {
    case ZYDIS_MNEMONIC_UD0:
    case ZYDIS_MNEMONIC_UD1:
    case ZYDIS_MNEMONIC_UD2:
    case ZYDIS_MNEMONIC_INT3:
    case ZYDIS_MNEMONIC_IRET:
    case ZYDIS_MNEMONIC_IRETD:
    case ZYDIS_MNEMONIC_IRETQ: return true;
    case ZYDIS_MNEMONIC_INT: return operands[0].imm.value.u == kFastFail;
    default: return false;
  }
}

std::uint64_t Instruction::target(std::uint64_t address) const {
  return address + info.length + operands[0].imm.value.u;
}

bool decode_instruction(std::span<const std::uint8_t> bytes, Instruction& instruction) {
  return ZYAN_SUCCESS(
             ZydisDecoderDecodeFull(&decoder, bytes.data(), bytes.size(), &instruction.info, instruction.operands)) &&
         !is_of_knights_corner(instruction.info);
}

std::string format_instruction(const Instruction& instruction, std::uint64_t address) {
  static const ZydisFormatter formatter = make_formatter();
  std::array<char, 256> text{};
  const auto status = ZydisFormatterFormatInstruction(&formatter, &instruction.info, instruction.operands,
                                                      instruction.info.operand_count_visible, text.data(), text.size(),
                                                      address, nullptr);
  return ZYAN_SUCCESS(status) ? text.data() : ZydisMnemonicGetString(instruction.info.mnemonic);
}

bool is_address_only(const Instruction& instruction, const ZydisDecodedOperand& operand) {
  if (operand.mem.type != ZYDIS_MEMOP_TYPE_MEM && operand.mem.type != ZYDIS_MEMOP_TYPE_VSIB) return true;
  switch (instruction.info.meta.category) {
    case ZYDIS_CATEGORY_NOP:
    case ZYDIS_CATEGORY_WIDENOP:
    case ZYDIS_CATEGORY_PREFETCH:
    case ZYDIS_CATEGORY_PREFETCHWT1: return true;
    default: break;
  }
  return instruction.is(ZYDIS_MNEMONIC_UD0) || instruction.is(ZYDIS_MNEMONIC_UD1) || instruction.is(ZYDIS_MNEMONIC_NOP);
}

}  // namespace sluice::image
