#include <algorithm>
#include <array>

#include "fuzz/worker/instruction.h"
#include "fuzz/worker/readable.h"

namespace sluice::worker {

image::Registers registers_of(const ucontext_t& context) {
  constexpr std::array kOrder = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                 REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  image::Registers registers;
  const auto& words = context.uc_mcontext.gregs;
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    registers.general[i] = static_cast<std::uint64_t>(words[kOrder[i]]);
  }
  registers.rip = static_cast<std::uint64_t>(words[REG_RIP]);
  return registers;
}

void record_instruction(InstructionRecord& record, const ucontext_t& context) {
  const image::Registers registers = registers_of(context);
  std::ranges::copy(registers.general, std::begin(record.general));
  record.rip = registers.rip;
  const auto* code = reinterpret_cast<const void*>(static_cast<std::uintptr_t>(record.rip));
  record.size = static_cast<std::uint32_t>(copy_readable(record.bytes, code, sizeof record.bytes));
}

}  // namespace sluice::worker
