// x86-64 instructions as operations.
#include <algorithm>

#include "fuzz/image/operation.h"
#include "fuzz/image/zydis.h"

namespace sluice::image {

namespace {

using Kind = Effect::Kind;

constexpr Register kRsp = 4;
constexpr Register kRbp = 5;
constexpr std::uint32_t bit(Register reg) { return std::uint32_t{1} << reg; }
// What a called function need not keep.
constexpr std::uint32_t kVolatileWindows = 0x0F07;  // rax rcx rdx r8 .. r11
constexpr std::uint32_t kVolatileLinux = kVolatileWindows | bit(6) | bit(7);

// kNoRegister of what is no general register, and of ah and its like.
Register register_of(ZydisRegister reg) {
  if (reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH) return kNoRegister;
  const ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
  if (ZydisRegisterGetClass(whole) != ZYDIS_REGCLASS_GPR64) return kNoRegister;
  return static_cast<Register>(ZydisRegisterGetId(whole));
}

Register register_of(const ZydisDecodedOperand& operand) {
  return operand.type == ZYDIS_OPERAND_TYPE_REGISTER ? register_of(operand.reg.value) : kNoRegister;
}

bool is_memory(const ZydisDecodedOperand& operand) { return operand.type == ZYDIS_OPERAND_TYPE_MEMORY; }
bool is_number(const ZydisDecodedOperand& operand) { return operand.type == ZYDIS_OPERAND_TYPE_IMMEDIATE; }

Place place_of(const ZydisDecodedOperand& operand, std::uint32_t next) {
  Place place{.base = register_of(operand.mem.base),
              .index = register_of(operand.mem.index),
              .scale = operand.mem.scale,
              .size = static_cast<std::uint8_t>(std::min(operand.size / 8, 64)),
              .displacement = operand.mem.disp.value};
  if (operand.mem.base == ZYDIS_REGISTER_RIP) place.displacement += next;
  return place;
}

Condition condition_of(ZydisMnemonic mnemonic) {
  switch (mnemonic) {
    case ZYDIS_MNEMONIC_JZ: return Condition::equal;
    case ZYDIS_MNEMONIC_JNZ: return Condition::not_equal;
    case ZYDIS_MNEMONIC_JB: return Condition::below;
    case ZYDIS_MNEMONIC_JBE: return Condition::not_above;
    case ZYDIS_MNEMONIC_JNBE: return Condition::above;
    case ZYDIS_MNEMONIC_JNB: return Condition::not_below;
    case ZYDIS_MNEMONIC_JL: return Condition::less;
    case ZYDIS_MNEMONIC_JLE: return Condition::not_greater;
    case ZYDIS_MNEMONIC_JNLE: return Condition::greater;
    case ZYDIS_MNEMONIC_JNL: return Condition::not_less;
    default: return Condition::none;
  }
}

class Reader {
 public:
  Reader(const Instruction& instruction, std::uint32_t offset, Format format, Operation& operation)
      : in_(instruction), next_(offset + instruction.info.length), format_(format), out_(operation) {
    out_ = {.offset = offset, .length = instruction.info.length};
  }

  void read() {
    read_flow();
    read_flags();
    read_scaled();
    if (!read_effects()) define_all();
  }

 private:
  const ZydisDecodedOperand& operand(std::size_t index) const { return in_.operands[index]; }

  void read_flow() {
    switch (in_.info.mnemonic) {
      case ZYDIS_MNEMONIC_CALL:
        out_.flow = Flow::call;
        out_.defines = format_ == Format::pe ? kVolatileWindows : kVolatileLinux;
        break;
      case ZYDIS_MNEMONIC_JMP: out_.flow = Flow::jump; break;
      default:
        if (in_.is_relative_branch()) out_.flow = Flow::branch;
        if (in_.is_stop() || in_.info.meta.category == ZYDIS_CATEGORY_RET ||
            in_.info.meta.category == ZYDIS_CATEGORY_SYSRET) {
          out_.flow = Flow::stop;
        }
    }
    if (out_.flow == Flow::branch) out_.condition = condition_of(in_.info.mnemonic);
    if (out_.flow == Flow::next || out_.flow == Flow::stop) return;
    if (in_.is_relative_branch()) {
      out_.target = in_.target(out_.offset);
    } else {
      out_.is_indirect = true;
      out_.comparison.left = term_of(operand(0));
    }
  }

  void read_flags() {
    const ZydisAccessedFlags* flags = in_.info.cpu_flags;
    constexpr std::uint32_t kThose = ZYDIS_CPUFLAG_CF | ZYDIS_CPUFLAG_ZF | ZYDIS_CPUFLAG_SF | ZYDIS_CPUFLAG_OF;
    if (flags != nullptr) {
      out_.changes_flags = ((flags->modified | flags->set_0 | flags->set_1 | flags->undefined) & kThose) != 0;
    }
    if (out_.flow == Flow::call) out_.changes_flags = true;
    if (!in_.is(ZYDIS_MNEMONIC_CMP) && !in_.is(ZYDIS_MNEMONIC_SUB) && !in_.is(ZYDIS_MNEMONIC_TEST)) return;
    if (in_.is(ZYDIS_MNEMONIC_SUB) && register_of(operand(0)) == kRsp) return;  // compares nothing
    // A test of a register with itself compares it with zero.
    const bool is_test = in_.is(ZYDIS_MNEMONIC_TEST);
    out_.comparison = {.is_there = true,
                       .size = static_cast<std::uint8_t>(operand(0).size / 8),
                       .left = term_of(operand(0)),
                       .right = term_of(operand(1))};
    if (is_test && is_same_register()) out_.comparison.right = {};
    out_.comparison.is_test = is_test && !is_same_register();
  }

  bool is_same_register() const {
    return register_of(operand(0)) != kNoRegister && register_of(operand(0)) == register_of(operand(1));
  }

  Term term_of(const ZydisDecodedOperand& operand) const {
    if (is_memory(operand)) return {.kind = Term::Kind::place, .place = place_of(operand, next_)};
    if (is_number(operand)) return {.kind = Term::Kind::number, .number = operand.imm.value.s};
    return {.kind = Term::Kind::reg, .reg = register_of(operand)};
  }

  void read_scaled() {
    const ZydisDecodedOperand* memory = in_.explicit_memory();
    if (memory == nullptr || is_address_only(in_, *memory) || memory->mem.scale < 2) return;
    if ((memory->actions & ZYDIS_OPERAND_ACTION_MASK_READ) == 0) return;
    const Place place = place_of(*memory, next_);
    if (place.index != kNoRegister) out_.read = place;
  }

  // Every register that is written.
  bool define_all() {
    for (const ZydisDecodedOperand& one : in_.all_operands()) {
      if (one.type == ZYDIS_OPERAND_TYPE_REGISTER && (one.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0) {
        define(one.reg.value);
      }
      const bool is_stored = is_memory(one) && (one.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
      if (is_stored) out_.add({.kind = Kind::store, .place = place_of(one, next_)});
    }
    return true;
  }

  void define(ZydisRegister reg) {
    const ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
    if (ZydisRegisterGetClass(whole) != ZYDIS_REGCLASS_GPR64) return;
    // A call or a push moves the stack as read_effects() says.
    if (ZydisRegisterGetId(whole) != kRsp || out_.flow == Flow::next) {
      out_.defines |= bit(static_cast<Register>(ZydisRegisterGetId(whole)));
    }
  }

  // False where the instruction is none of those that are known, or not in a form that is.
  bool read_effects() {
    switch (in_.info.mnemonic) {
      case ZYDIS_MNEMONIC_CALL:
      case ZYDIS_MNEMONIC_CMP:
      case ZYDIS_MNEMONIC_TEST:
      case ZYDIS_MNEMONIC_CDQE: return true;
      case ZYDIS_MNEMONIC_MOV:
      case ZYDIS_MNEMONIC_MOVZX:
      case ZYDIS_MNEMONIC_MOVSX:
      case ZYDIS_MNEMONIC_MOVSXD: return read_move();
      case ZYDIS_MNEMONIC_LEA: return read_lea();
      case ZYDIS_MNEMONIC_INC:
      case ZYDIS_MNEMONIC_DEC: return read_step();
      case ZYDIS_MNEMONIC_ADD:
      case ZYDIS_MNEMONIC_SUB: return read_sum();
      case ZYDIS_MNEMONIC_XOR: return read_xor();
      case ZYDIS_MNEMONIC_AND: return read_and();
      case ZYDIS_MNEMONIC_SHL:
      case ZYDIS_MNEMONIC_SHR:
      case ZYDIS_MNEMONIC_SAR: return read_shift();
      case ZYDIS_MNEMONIC_IMUL: return read_multiply();
      case ZYDIS_MNEMONIC_PUSH: return read_push();
      case ZYDIS_MNEMONIC_POP: return read_pop();
      case ZYDIS_MNEMONIC_PUSHFQ: return move_stack(-8);
      case ZYDIS_MNEMONIC_POPFQ: return move_stack(8);
      case ZYDIS_MNEMONIC_LEAVE:
        out_.add({.kind = Kind::copy, .destination = kRsp, .source = kRbp, .number = 8});
        out_.add({.kind = Kind::load, .destination = kRbp, .place = {.base = kRsp, .size = 8, .displacement = -8}});
        return true;
      default: return in_.info.meta.category == ZYDIS_CATEGORY_CMOV && read_select();
    }
  }

  // Of 32 or 64 bits, so that all of it changes.
  Register whole_destination() const { return operand(0).size >= 32 ? register_of(operand(0)) : kNoRegister; }

  bool read_move() {
    const ZydisDecodedOperand& from = operand(1);
    if (is_memory(operand(0))) {
      out_.add({.kind = Kind::store, .source = register_of(from), .place = place_of(operand(0), next_)});
      return true;
    }
    const Register to = whole_destination();
    if (to == kNoRegister) return false;
    if (is_number(from)) {
      out_.add({.kind = Kind::constant, .destination = to, .number = from.imm.value.s});
      out_.mentioned = from.imm.value.u;
      out_.is_mentioned_as_number = true;
    } else if (is_memory(from)) {
      if (from.mem.segment == ZYDIS_REGISTER_GS || from.mem.segment == ZYDIS_REGISTER_FS) return false;
      out_.add({.kind = Kind::load, .destination = to, .place = place_of(from, next_)});
    } else if (register_of(from) != kNoRegister) {
      out_.add({.kind = Kind::copy, .destination = to, .source = register_of(from)});
    } else {
      return false;
    }
    return true;
  }

  bool read_lea() {
    const Place place = place_of(operand(1), next_);
    const Register to = whole_destination();
    if (to == kNoRegister) return false;
    if (operand(1).mem.base == ZYDIS_REGISTER_RIP) {
      out_.mentioned = static_cast<std::uint64_t>(place.displacement);
      out_.add({.kind = Kind::constant, .destination = to, .number = place.displacement});
    } else if (place.index == kNoRegister && place.base != kNoRegister) {
      out_.add({.kind = Kind::copy, .destination = to, .source = place.base, .number = place.displacement});
    } else if (place.index != kNoRegister && (place.base == kNoRegister || place.base == place.index)) {
      out_.add({.kind = Kind::derive, .destination = to, .source = place.index});
    } else {
      return false;
    }
    return true;
  }

  bool read_step() {
    const Register to = whole_destination();
    if (to == kNoRegister) return false;
    const std::int64_t step = in_.is(ZYDIS_MNEMONIC_INC) ? 1 : -1;
    out_.add({.kind = Kind::copy, .destination = to, .source = to, .number = step});
    return true;
  }

  bool read_sum() {
    const Register to = whole_destination();
    if (to == kNoRegister) return false;
    const bool is_sub = in_.is(ZYDIS_MNEMONIC_SUB);
    if (is_number(operand(1))) {
      // Of two's complement: what wraps around does so here, too.
      const auto number = static_cast<std::uint64_t>(operand(1).imm.value.s);
      const auto step = static_cast<std::int64_t>(is_sub ? 0 - number : number);
      out_.add({.kind = Kind::copy, .destination = to, .source = to, .number = step});
      return true;
    }
    const Register other = register_of(operand(1));
    if (!is_sub || other == kNoRegister) return false;
    out_.add({.kind = Kind::subtract, .destination = to, .source = to, .number_of = other});
    return true;
  }

  bool read_xor() {
    const Register to = whole_destination();
    if (to == kNoRegister || !is_same_register()) return false;
    out_.add({.kind = Kind::constant, .destination = to});
    return true;
  }

  bool read_and() {
    const Register to = whole_destination();
    if (to == kNoRegister || !is_number(operand(1))) return false;
    out_.add({.kind = Kind::mask, .destination = to, .source = to, .number = operand(1).imm.value.s});
    return true;
  }

  bool read_shift() {
    const Register to = whole_destination();
    if (to == kNoRegister || !is_number(operand(1))) return false;
    out_.add({.kind = Kind::derive, .destination = to, .source = to});
    return true;
  }

  bool read_multiply() {
    const bool has_factor = in_.info.operand_count_visible == 3 && is_number(operand(2));
    const Register to = whole_destination();
    if (!has_factor || to == kNoRegister || register_of(operand(1)) == kNoRegister) return false;
    out_.add({.kind = Kind::derive, .destination = to, .source = register_of(operand(1))});
    return true;
  }

  bool read_select() {
    const Register to = whole_destination();
    if (to == kNoRegister) return false;
    out_.add({.kind = Kind::select, .destination = to});
    return true;
  }

  bool move_stack(std::int64_t by) {
    out_.add({.kind = Kind::copy, .destination = kRsp, .source = kRsp, .number = by});
    return true;
  }

  bool read_push() {
    const std::int64_t size = in_.info.operand_width / 8;
    move_stack(-size);
    out_.add({.kind = Kind::store,
              .source = register_of(operand(0)),
              .place = {.base = kRsp, .size = static_cast<std::uint8_t>(size)}});
    return true;
  }

  bool read_pop() {
    const std::int64_t size = in_.info.operand_width / 8;
    const Register to = register_of(operand(0));
    if (to != kNoRegister && to != kRsp) {
      out_.add(
          {.kind = Kind::load, .destination = to, .place = {.base = kRsp, .size = static_cast<std::uint8_t>(size)}});
    }
    return move_stack(size);
  }

  const Instruction& in_;
  std::uint32_t next_;
  Format format_;
  Operation& out_;
};

class X86 : public Processor {
 public:
  explicit X86(Format format) : format_(format) {}

  bool read(std::span<const std::uint8_t> bytes, std::uint32_t offset, Operation& operation) override {
    if (!decode(bytes)) return false;
    Reader(instruction_, offset, format_, operation).read();
    return true;
  }
  std::string text(std::span<const std::uint8_t> bytes, std::uint32_t offset) override {
    return decode(bytes) ? format_instruction(instruction_, offset) : "";
  }
  [[nodiscard]] Register stack_pointer() const override { return kRsp; }
  [[nodiscard]] std::uint32_t return_size() const override { return 8; }

 private:
  bool decode(std::span<const std::uint8_t> bytes) {
    return decode_instruction(bytes.first(std::min<std::size_t>(bytes.size(), ZYDIS_MAX_INSTRUCTION_LENGTH)),
                              instruction_);
  }

  Format format_;
  Instruction instruction_{};
};

}  // namespace

std::unique_ptr<Processor> make_x86_processor(Format format) { return std::make_unique<X86>(format); }

}  // namespace sluice::image
