#include "fuzz/image/decode_aarch64.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "fuzz/image/capstone.h"

namespace sluice::image {

namespace {

// The stack pointer's number in Aarch64Registers; the zero register has none.
constexpr unsigned kStackPointer = 31;

std::string_view name_of(const Capstone& capstone, unsigned reg) {
  const char* name = cs_reg_name(capstone.handle(), reg);
  return name != nullptr ? name : "?";
}

struct General {
  unsigned number;
  bool is_narrow;  // w0 .. w30
};

std::optional<General> general_of(arm64_reg reg) {
  if (reg >= ARM64_REG_X0 && reg <= ARM64_REG_X28) return General{static_cast<unsigned>(reg - ARM64_REG_X0), false};
  if (reg == ARM64_REG_X29) return General{29, false};
  if (reg == ARM64_REG_X30) return General{30, false};
  if (reg >= ARM64_REG_W0 && reg <= ARM64_REG_W30) return General{static_cast<unsigned>(reg - ARM64_REG_W0), true};
  if (reg == ARM64_REG_SP) return General{kStackPointer, false};
  return std::nullopt;
}

std::uint64_t extended(std::uint64_t value, arm64_extender extender) {
  switch (extender) {
    case ARM64_EXT_UXTB: return static_cast<std::uint8_t>(value);
    case ARM64_EXT_UXTH: return static_cast<std::uint16_t>(value);
    case ARM64_EXT_UXTW: return static_cast<std::uint32_t>(value);
    case ARM64_EXT_SXTB: return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int8_t>(value)});
    case ARM64_EXT_SXTH: return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int16_t>(value)});
    case ARM64_EXT_SXTW: return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(value)});
    default: return value;
  }
}

// Adds up an address, and the words that say of what.
class Sum {
 public:
  Sum(const Capstone& capstone, const Aarch64Registers& registers) : capstone_(capstone), registers_(registers) {}

  void add_register(arm64_reg reg, arm64_extender extender, unsigned shift) {
    if (reg == ARM64_REG_INVALID) return;
    const std::string_view name = name_of(capstone_, reg);
    const auto general = general_of(reg);
    const std::uint64_t whole = general ? registers_.general.at(general->number) : 0;
    const std::uint64_t value = general && general->is_narrow ? static_cast<std::uint32_t>(whole) : whole;
    address_ += extended(value, extender) << (shift & 63);
    if (!terms_.empty()) terms_ += "+";
    terms_ += shift != 0 ? fmt::format("{}*{}", name, 1u << (shift & 31)) : std::string(name);
    values_ += fmt::format(", {} = {:#x}", name, value);
  }
  void add(std::int64_t displacement) {
    const auto bits = static_cast<std::uint64_t>(displacement);
    address_ += bits;
    if (displacement != 0) terms_ += displacement < 0 ? fmt::format("-{:#x}", 0 - bits) : fmt::format("+{:#x}", bits);
  }
  [[nodiscard]] std::uint64_t address() const { return address_; }
  [[nodiscard]] std::string expression() const { return terms_ + values_; }

 private:
  const Capstone& capstone_;
  const Aarch64Registers& registers_;
  std::uint64_t address_ = 0;
  std::string terms_;
  std::string values_;
};

std::uint32_t width_of(std::string_view reg) {
  switch (reg.front()) {
    case 'q':
    case 'v': return 16;
    case 'x':
    case 'd': return 8;
    case 'w': return reg == "wsp" ? 0 : 4;
    case 's': return reg == "sp" ? 0 : 4;
    case 'h': return 2;
    case 'b': return 1;
    default: return 0;
  }
}

enum class Direction : std::uint8_t { none, load, store, both };

// What is read or written by the mnemonic: Capstone 4 does not say it of most operands.
Direction direction_of(std::string_view mnemonic) {
  if (mnemonic.starts_with("prf")) return Direction::none;
  if (mnemonic.starts_with("ld")) {
    // ldadd, ldclr, ldeor, ldset and their like: read, then write.
    for (const std::string_view atomic : {"ldadd", "ldclr", "ldeor", "ldset", "ldsmax", "ldsmin", "ldumax", "ldumin"}) {
      if (mnemonic.starts_with(atomic)) return Direction::both;
    }
    return Direction::load;
  }
  if (mnemonic.starts_with("st")) return Direction::store;
  if (mnemonic.starts_with("swp") || mnemonic.starts_with("cas")) return Direction::both;
  return Direction::none;
}

// The registers in front of the memory operand, or less of each where the mnemonic says so. A store that tells whether
// it was done, "stxr w8, x0, [x1]", has a register more.
std::uint32_t size_of(const Capstone& capstone, std::string_view mnemonic, std::span<const cs_arm64_op> before) {
  const bool is_exclusive_store = mnemonic.starts_with("stx") || mnemonic.starts_with("stlx");
  if (is_exclusive_store && before.size() > 1) before = before.subspan(1);
  const bool is_two = mnemonic.find('p') != std::string_view::npos && !mnemonic.starts_with("swp");
  const std::size_t count = is_two ? 2 : 1;
  if (before.size() < count || before.front().type != ARM64_OP_REG) return 0;
  const std::uint32_t width = width_of(name_of(capstone, before.front().reg));
  const bool is_vector =
      !general_of(before.front().reg) && before.front().reg != ARM64_REG_WZR && before.front().reg != ARM64_REG_XZR;
  if (is_vector && before.front().vas != ARM64_VAS_INVALID) return 0;  // ld1 and its kin: not told
  if (is_vector) return width * static_cast<std::uint32_t>(count);
  if (mnemonic.ends_with("sw")) return 4 * static_cast<std::uint32_t>(count);
  if (mnemonic.ends_with("b")) return 1;
  if (mnemonic.ends_with("h")) return 2;
  return width * static_cast<std::uint32_t>(count);
}

void resolve(const Capstone& capstone, const cs_insn& instruction, const Aarch64Registers& registers,
             Decoded& decoded) {
  const cs_arm64& detail = instruction.detail->arm64;
  const std::string_view mnemonic = instruction.mnemonic;
  const Direction direction = direction_of(mnemonic);
  const std::span operands(detail.operands, std::min<std::size_t>(detail.op_count, std::size(detail.operands)));
  const auto found = std::ranges::find(operands, ARM64_OP_MEM, &cs_arm64_op::type);
  if (direction == Direction::none || found == operands.end()) return;
  MemoryOperand& memory = decoded.operands[decoded.num_operands++];
  memory.is_read = direction != Direction::store;
  memory.is_written = direction != Direction::load;
  memory.size = size_of(capstone, mnemonic, operands.first(static_cast<std::size_t>(found - operands.begin())));
  Sum sum(capstone, registers);
  sum.add_register(found->mem.base, ARM64_EXT_INVALID, 0);
  sum.add_register(found->mem.index, found->ext, found->shift.type == ARM64_SFT_LSL ? found->shift.value : 0);
  sum.add(found->mem.disp);
  memory.address = sum.address();
  memory.expression = sum.expression();
}

}  // namespace

std::optional<Decoded> decode_aarch64(std::span<const std::uint8_t> bytes, const Aarch64Registers& registers) {
  Capstone capstone(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN);
  const cs_insn* found = capstone.decode(bytes.first(std::min<std::size_t>(bytes.size(), 4)), registers.pc);
  if (found == nullptr) return std::nullopt;
  const cs_insn& instruction = *found;
  Decoded decoded;
  decoded.length = instruction.size;
  decoded.text = instruction.mnemonic;
  if (instruction.op_str[0] != '\0') decoded.text += fmt::format(" {}", instruction.op_str);
  resolve(capstone, instruction, registers, decoded);
  return decoded;
}

}  // namespace sluice::image
