#include "fuzz/image/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "fuzz/image/capstone_check.h"
#include "fuzz/image/zydis.h"

namespace sluice::image {

namespace {

constexpr std::uint64_t mask_of(unsigned bits) {
  return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

constexpr std::uint64_t sign_extend(std::uint64_t value, unsigned bits) {
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  return ((value & mask_of(bits)) ^ sign) - sign;
}

bool is_general(ZydisRegister reg) {
  return ZydisRegisterGetClass(ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg)) ==
         ZYDIS_REGCLASS_GPR64;
}

// Adds up an address, and the words that say of what.
class Sum {
 public:
  Sum(const Instruction& instruction, const Registers& registers) : instruction_(instruction), registers_(registers) {}

  void add_register(ZydisRegister reg, unsigned scale) {
    if (reg == ZYDIS_REGISTER_NONE) return;
    const char* name = ZydisRegisterGetString(reg);
    begin_term() += scale > 1 ? fmt::format("{}*{}", name, scale) : name;
    const std::optional<std::uint64_t> value = value_of(reg);
    if (value) address_ += *value * scale;
    values_ += value ? fmt::format(", {} = {:#x}", name, *value) : fmt::format(", {} is not known", name);
  }

  void add(std::int64_t displacement) {
    address_ += static_cast<std::uint64_t>(displacement);
    if (displacement == 0 && !terms_.empty()) return;
    const auto bits = static_cast<std::uint64_t>(displacement);
    if (terms_.empty()) {
      terms_ = fmt::format("{:#x}", bits & width());
    } else {
      terms_ += displacement < 0 ? fmt::format("-{:#x}", 0 - bits) : fmt::format("+{:#x}", bits);
    }
  }

  // `bits` from the address on, counted in units of the operand, by a register: what bt and its kin do.
  void add_bits(ZydisRegister reg, unsigned bits) {
    const std::optional<std::uint64_t> value = value_of(reg);
    if (!value) return;
    const auto offset = static_cast<std::int64_t>(sign_extend(*value, bits));
    address_ += static_cast<std::uint64_t>(offset / bits - (offset % bits < 0 ? 1 : 0)) * (bits / 8);
    begin_term() += fmt::format("bit {}", ZydisRegisterGetString(reg));
    values_ += fmt::format(", {} = {:#x}", ZydisRegisterGetString(reg), *value);
  }

  [[nodiscard]] std::pair<std::uint64_t, std::string> finish(ZydisRegister segment) const {
    std::uint64_t address = address_ & width();
    if (segment != ZYDIS_REGISTER_FS && segment != ZYDIS_REGISTER_GS) return {address, terms_ + values_};
    const std::uint64_t base = segment == ZYDIS_REGISTER_FS ? registers_.fs_base : registers_.gs_base;
    const char* name = ZydisRegisterGetString(segment);
    return {address + base, fmt::format("{}:{}{}, {} base = {:#x}", name, terms_, values_, name, base)};
  }

 private:
  [[nodiscard]] std::uint64_t width() const { return mask_of(instruction_.info.address_width); }

  std::string& begin_term() {
    if (!terms_.empty()) terms_ += "+";
    return terms_;
  }

  [[nodiscard]] std::optional<std::uint64_t> value_of(ZydisRegister reg) const {
    // Counted from the next instruction.
    const std::uint64_t next = registers_.rip + instruction_.info.length;
    if (reg == ZYDIS_REGISTER_RIP) return next;
    if (reg == ZYDIS_REGISTER_EIP) return next & mask_of(32);
    if (!is_general(reg)) return std::nullopt;
    const ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
    // Zydis numbers them as the processor and Registers do: rax, rcx, rdx, rbx, rsp ..
    const std::uint64_t value = registers_.general.at(static_cast<std::size_t>(ZydisRegisterGetId(whole)));
    return value & mask_of(ZydisRegisterGetWidth(ZYDIS_MACHINE_MODE_LONG_64, reg));
  }

  const Instruction& instruction_;
  const Registers& registers_;
  std::uint64_t address_ = 0;
  std::string terms_;
  std::string values_;
};

bool is_bit_test(const Instruction& instruction) {
  return instruction.is(ZYDIS_MNEMONIC_BT) || instruction.is(ZYDIS_MNEMONIC_BTS) ||
         instruction.is(ZYDIS_MNEMONIC_BTR) || instruction.is(ZYDIS_MNEMONIC_BTC);
}

bool is_stack(const ZydisDecodedOperand& operand) {
  return operand.visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN && operand.mem.base == ZYDIS_REGISTER_RSP;
}

// What the encoding does not say: the stack moves before it is written; pop to [rsp+8] counts from the moved one.
std::int64_t stack_moves(const Instruction& instruction, const ZydisDecodedOperand& operand, bool is_written) {
  const std::int64_t size = operand.size / 8;
  if (is_stack(operand)) return is_written ? -size : 0;
  const bool is_popped_to = instruction.is(ZYDIS_MNEMONIC_POP) && operand.mem.base == ZYDIS_REGISTER_RSP;
  return is_popped_to ? size : 0;
}

MemoryOperand resolve(const Instruction& instruction, const ZydisDecodedOperand& operand, const Registers& registers) {
  MemoryOperand memory;
  memory.is_read = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0;
  memory.is_written = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
  memory.size = operand.size / 8u;

  Sum sum(instruction, registers);
  sum.add_register(operand.mem.base, 1);
  sum.add_register(operand.mem.index, operand.mem.scale);
  if (instruction.is(ZYDIS_MNEMONIC_XLAT)) sum.add_register(ZYDIS_REGISTER_AL, 1);
  sum.add(operand.mem.disp.value + stack_moves(instruction, operand, memory.is_written));
  if (is_bit_test(instruction) && instruction.operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER) {
    sum.add_bits(instruction.operands[1].reg.value, operand.size);
  }
  std::tie(memory.address, memory.expression) = sum.finish(operand.mem.segment);
  return memory;
}

}  // namespace

std::optional<Decoded> decode(std::span<const std::uint8_t> bytes, const Registers& registers) {
  bytes = bytes.first(std::min<std::size_t>(bytes.size(), ZYDIS_MAX_INSTRUCTION_LENGTH));
  Instruction instruction;
  if (!decode_instruction(bytes, instruction)) return std::nullopt;
  Decoded decoded;
  decoded.length = instruction.info.length;
  decoded.text = format_instruction(instruction, registers.rip);
  for (const ZydisDecodedOperand& operand : instruction.all_operands()) {
    if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || is_address_only(instruction, operand)) continue;
    if (decoded.num_operands == decoded.operands.size()) break;
    decoded.operands[decoded.num_operands++] = resolve(instruction, operand, registers);
  }
  decoded.disagreement = ask_capstone(bytes, instruction);
  return decoded;
}

}  // namespace sluice::image
