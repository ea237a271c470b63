#include <algorithm>
#include <array>

#include "fuzz/worker/instruction.h"
#include "fuzz/worker/readable.h"

namespace sluice::worker {

void record_instruction(InstructionRecord& record, const ucontext_t& context) {
  constexpr std::array kOrder = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                 REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  const auto& registers = context.uc_mcontext.gregs;
  for (std::size_t i = 0; i < kOrder.size(); ++i) record.general[i] = static_cast<std::uint64_t>(registers[kOrder[i]]);
  record.is_aarch64 = 0;
  record.pc = static_cast<std::uint64_t>(registers[REG_RIP]);
  const auto* code = reinterpret_cast<const void*>(static_cast<std::uintptr_t>(registers[REG_RIP]));
  record.size = static_cast<std::uint32_t>(copy_readable(record.bytes, code, sizeof record.bytes));
}

}  // namespace sluice::worker
