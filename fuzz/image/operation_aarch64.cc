// AArch64 instructions as operations.

#include <algorithm>

#include "fuzz/image/capstone.h"
#include "fuzz/image/operation.h"

namespace sluice::image {

namespace {

using Kind = Effect::Kind;

constexpr Register kSp = 31;
constexpr std::size_t kLength = 4;
constexpr std::uint32_t kVolatile = 0x4003FFFF;  // x0 .. x17, and the link register

Register register_of(unsigned reg) {
  if (reg >= ARM64_REG_W0 && reg <= ARM64_REG_W30) return static_cast<Register>(reg - ARM64_REG_W0);
  if (reg >= ARM64_REG_X0 && reg <= ARM64_REG_X28) return static_cast<Register>(reg - ARM64_REG_X0);
  if (reg == ARM64_REG_X29) return 29;
  if (reg == ARM64_REG_X30) return 30;
  if (reg == ARM64_REG_SP || reg == ARM64_REG_WSP) return kSp;
  return kNoRegister;
}

bool is_zero(const cs_arm64_op& operand) {
  return operand.type == ARM64_OP_REG && (operand.reg == ARM64_REG_XZR || operand.reg == ARM64_REG_WZR);
}
bool is_number(const cs_arm64_op& operand) { return operand.type == ARM64_OP_IMM || is_zero(operand); }
bool is_narrow(const cs_arm64_op& operand) {
  return operand.type == ARM64_OP_REG && operand.reg >= ARM64_REG_W0 && operand.reg <= ARM64_REG_W30;
}

Register register_of(const cs_arm64_op& operand) {
  return operand.type == ARM64_OP_REG ? register_of(static_cast<unsigned>(operand.reg)) : kNoRegister;
}

// With its shift: `#1, lsl #12`.
std::int64_t number_of(const cs_arm64_op& operand) {
  if (operand.type != ARM64_OP_IMM) return 0;
  const unsigned shift = operand.shift.type == ARM64_SFT_LSL ? std::min(operand.shift.value, 63u) : 0;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(operand.imm) << shift);
}

Condition condition_of(arm64_cc condition) {
  switch (condition) {
    case ARM64_CC_EQ: return Condition::equal;
    case ARM64_CC_NE: return Condition::not_equal;
    case ARM64_CC_HS: return Condition::not_below;
    case ARM64_CC_LO: return Condition::below;
    case ARM64_CC_HI: return Condition::above;
    case ARM64_CC_LS: return Condition::not_above;
    case ARM64_CC_GE: return Condition::not_less;
    case ARM64_CC_LT: return Condition::less;
    case ARM64_CC_GT: return Condition::greater;
    case ARM64_CC_LE: return Condition::not_greater;
    default: return Condition::none;
  }
}

// Of a load or a store; by its name, whose end says it where the register does not.
std::uint8_t access_size(const cs_insn& instruction, const cs_arm64_op& value) {
  const std::string_view name = instruction.mnemonic;
  if (name.ends_with("sw")) return 4;
  if (name.ends_with("b")) return 1;
  if (name.ends_with("h")) return 2;
  return is_narrow(value) ? 4 : 8;
}

class Reader {
 public:
  Reader(csh handle, const cs_insn& instruction, std::uint32_t offset, Operation& operation)
      : handle_(handle), in_(instruction), detail_(instruction.detail->arm64), out_(operation) {
    out_ = {.offset = offset, .length = kLength};
  }

  void read() {
    read_flow();
    out_.changes_flags = detail_.update_flags || out_.flow == Flow::call || in_.id == ARM64_INS_CMP;
    if (!read_effects()) define_all();
  }

 private:
  [[nodiscard]] std::span<const cs_arm64_op> operands() const {
    return std::span(detail_.operands).first(std::min<std::size_t>(detail_.op_count, std::size(detail_.operands)));
  }
  [[nodiscard]] const cs_arm64_op& operand(std::size_t index) const { return detail_.operands[index]; }
  [[nodiscard]] std::uint64_t last_number() const {
    const auto all = operands();
    return all.empty() || all.back().type != ARM64_OP_IMM ? kNowhere : static_cast<std::uint64_t>(all.back().imm);
  }

  void read_flow() {
    switch (in_.id) {
      case ARM64_INS_BL:
        out_.flow = Flow::call;
        out_.target = last_number();
        break;
      case ARM64_INS_BLR:
        out_.flow = Flow::call;
        out_.is_indirect = true;
        out_.comparison.left = term_of(operand(0));
        break;
      case ARM64_INS_BR:
        out_.flow = Flow::jump;
        out_.is_indirect = true;
        out_.comparison.left = term_of(operand(0));
        break;
      case ARM64_INS_B:
        out_.flow = detail_.cc == ARM64_CC_INVALID || detail_.cc == ARM64_CC_AL ? Flow::jump : Flow::branch;
        out_.condition = condition_of(detail_.cc);
        out_.target = last_number();
        break;
      case ARM64_INS_CBZ:
      case ARM64_INS_CBNZ:
        out_.flow = Flow::branch;
        out_.target = last_number();
        out_.condition = in_.id == ARM64_INS_CBZ ? Condition::equal : Condition::not_equal;
        compare(operand(0), {});
        break;
      case ARM64_INS_TBZ:
      case ARM64_INS_TBNZ:
        out_.flow = Flow::branch;
        out_.target = last_number();
        break;
      case ARM64_INS_RET:
      case ARM64_INS_ERET:
      case ARM64_INS_BRK: out_.flow = Flow::stop; break;
      default: break;
    }
    if (out_.flow == Flow::call) out_.defines = kVolatile;
  }

  void compare(const cs_arm64_op& left, const Term& right) {
    out_.comparison = {.is_there = true,
                       .size = static_cast<std::uint8_t>(is_narrow(left) ? 4 : 8),
                       .left = term_of(left),
                       .right = right};
  }

  static Term term_of(const cs_arm64_op& operand) {
    if (is_number(operand)) return {.number = number_of(operand)};
    return {.kind = Term::Kind::reg, .reg = register_of(operand)};
  }

  bool define_all() {
    cs_regs read{};
    cs_regs written{};
    std::uint8_t num_read = 0;
    std::uint8_t num_written = 0;
    if (cs_regs_access(handle_, &in_, read, &num_read, written, &num_written) != CS_ERR_OK) return true;
    for (const std::uint16_t one : std::span(written).first(std::min<std::size_t>(num_written, std::size(written)))) {
      const Register reg = register_of(one);
      if (reg != kNoRegister) out_.defines |= std::uint32_t{1} << reg;
    }
    return true;
  }

  bool read_effects() {
    switch (in_.id) {
      case ARM64_INS_BL:
      case ARM64_INS_BLR:
      case ARM64_INS_CBZ:
      case ARM64_INS_CBNZ: return true;
      case ARM64_INS_CMP: compare(operand(0), term_of(operand(1))); return true;
      case ARM64_INS_MOV:
      case ARM64_INS_MOVZ:
      case ARM64_INS_UXTB:
      case ARM64_INS_UXTH:
      case ARM64_INS_UXTW:
      case ARM64_INS_SXTB:
      case ARM64_INS_SXTH:
      case ARM64_INS_SXTW: return read_move();
      case ARM64_INS_ADR:
      case ARM64_INS_ADRP: return read_address();
      case ARM64_INS_ADD:
      case ARM64_INS_SUB: return read_sum();
      case ARM64_INS_AND: return read_and();
      case ARM64_INS_LSL:
      case ARM64_INS_LSR:
      case ARM64_INS_ASR:
      case ARM64_INS_UBFIZ:
      case ARM64_INS_SBFIZ: return read_shift();
      case ARM64_INS_CSEL:
        out_.add({.kind = Kind::select, .destination = register_of(operand(0))});
        return register_of(operand(0)) != kNoRegister;
      default: return read_memory();
    }
  }

  bool read_move() {
    const Register to = register_of(operand(0));
    if (to == kNoRegister || detail_.op_count < 2) return false;
    if (is_number(operand(1))) {
      out_.add({.kind = Kind::constant, .destination = to, .number = number_of(operand(1))});
      return true;
    }
    const Register from = register_of(operand(1));
    if (from == kNoRegister) return false;
    out_.add({.kind = Kind::copy, .destination = to, .source = from});
    return true;
  }

  bool read_address() {
    const Register to = register_of(operand(0));
    if (to == kNoRegister) return false;
    if (in_.id == ARM64_INS_ADR) out_.mentioned = last_number();
    out_.add({.kind = Kind::constant, .destination = to, .number = static_cast<std::int64_t>(last_number())});
    return true;
  }

  bool read_sum() {
    if (detail_.op_count < 3) return false;
    const Register to = register_of(operand(0));
    const Register from = register_of(operand(1));
    if (to == kNoRegister || from == kNoRegister) return false;
    const bool is_sub = in_.id == ARM64_INS_SUB;
    if (is_number(operand(2))) {
      const auto number = static_cast<std::uint64_t>(number_of(operand(2)));
      const auto step = static_cast<std::int64_t>(is_sub ? 0 - number : number);
      out_.add({.kind = Kind::copy, .destination = to, .source = from, .number = step});
      if (is_sub && detail_.update_flags) compare(operand(1), term_of(operand(2)));
      return true;
    }
    const Register other = register_of(operand(2));
    if (!is_sub || other == kNoRegister) return false;
    const bool is_shifted = operand(2).shift.type == ARM64_SFT_LSL || operand(2).ext != ARM64_EXT_INVALID;
    out_.add({.kind = Kind::subtract,
              .destination = to,
              .source = from,
              .number_of = other,
              .number = is_shifted ? std::min(operand(2).shift.value, 63u) : 0});
    return true;
  }

  bool read_and() {
    if (detail_.op_count < 3 || operand(2).type != ARM64_OP_IMM) return false;
    const Register to = register_of(operand(0));
    const Register from = register_of(operand(1));
    if (to == kNoRegister || from == kNoRegister) return false;
    out_.add({.kind = Kind::mask, .destination = to, .source = from, .number = operand(2).imm});
    return true;
  }

  bool read_shift() {
    if (detail_.op_count < 3 || operand(2).type != ARM64_OP_IMM) return false;
    const Register to = register_of(operand(0));
    const Register from = register_of(operand(1));
    if (to == kNoRegister || from == kNoRegister) return false;
    out_.add({.kind = Kind::derive, .destination = to, .source = from});
    return true;
  }

  // Loads and stores of one register or two.
  bool read_memory() {
    const std::string_view name = in_.mnemonic;
    const bool is_load = name.starts_with("ld");
    const bool is_store = name.starts_with("st");
    const auto all = operands();
    const auto memory = std::ranges::find(all, ARM64_OP_MEM, &cs_arm64_op::type);
    if ((!is_load && !is_store) || memory == all.end() || memory == all.begin()) return false;
    // Exclusive ones, which write whether they have written, and vectors: what they write is new.
    if (name.starts_with("stx") || name.starts_with("stlx") || memory - all.begin() > 2) return false;
    Place place = place_of(*memory, access_size(in_, all.front()));
    if (is_load && place.index != kNoRegister && place.scale > 1) out_.read = place;

    const bool is_after = detail_.writeback && memory + 1 != all.end();  // ldr x0, [sp], #16
    const std::int64_t moved = !detail_.writeback ? 0 : is_after ? (memory + 1)->imm : memory->mem.disp;
    const bool is_before = detail_.writeback && !is_after;
    if (is_before) {
      out_.add({.kind = Kind::copy, .destination = place.base, .source = place.base, .number = moved});
      place.displacement = 0;
    }
    for (auto value = all.begin(); value != memory; ++value) {
      access(is_load, *value, place);
      place.displacement += place.size;
    }
    if (is_after) {
      const bool has_room = out_.num_effects < out_.effects.size();
      if (has_room) {
        out_.add({.kind = Kind::copy, .destination = place.base, .source = place.base, .number = moved});
      }
    }
    return true;
  }

  void access(bool is_load, const cs_arm64_op& value, const Place& place) {
    const Register reg = register_of(value);
    if (!is_load) {
      out_.add({.kind = Kind::store, .source = reg, .place = place});
    } else if (reg != kNoRegister) {
      out_.add({.kind = Kind::load, .destination = reg, .place = place});
    }
  }

  static Place place_of(const cs_arm64_op& operand, std::uint8_t size) {
    const bool is_shifted = operand.shift.type == ARM64_SFT_LSL || operand.ext != ARM64_EXT_INVALID;
    return {.base = register_of(static_cast<unsigned>(operand.mem.base)),
            .index = register_of(static_cast<unsigned>(operand.mem.index)),
            .scale = static_cast<std::uint8_t>(is_shifted ? 1u << std::min(operand.shift.value, 4u) : 1u),
            .size = size,
            .displacement = operand.mem.disp};
  }

  csh handle_;
  const cs_insn& in_;
  const cs_arm64& detail_;
  Operation& out_;
};

class Aarch64 : public Processor {
 public:
  bool read(std::span<const std::uint8_t> bytes, std::uint32_t offset, Operation& operation) override {
    const cs_insn* instruction = decode(bytes, offset);
    if (instruction == nullptr) return false;
    Reader(capstone_.handle(), *instruction, offset, operation).read();
    return true;
  }
  std::string text(std::span<const std::uint8_t> bytes, std::uint32_t offset) override {
    const cs_insn* instruction = decode(bytes, offset);
    if (instruction == nullptr) return "";
    const std::string_view rest = instruction->op_str;
    return instruction->mnemonic + (rest.empty() ? "" : " " + std::string(rest));
  }
  [[nodiscard]] Register stack_pointer() const override { return kSp; }
  [[nodiscard]] std::uint32_t return_size() const override { return 0; }

 private:
  const cs_insn* decode(std::span<const std::uint8_t> bytes, std::uint32_t offset) {
    if (bytes.size() < kLength || offset % kLength != 0) return nullptr;
    return capstone_.decode(bytes.first(kLength), offset);
  }

  Capstone capstone_{CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN};
};

}  // namespace

std::unique_ptr<Processor> make_aarch64_processor() { return std::make_unique<Aarch64>(); }

}  // namespace sluice::image
