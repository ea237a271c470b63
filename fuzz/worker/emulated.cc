#include "fuzz/worker/emulated.h"

#include <algorithm>
#include <cstdio>

#include "fuzz/worker/classify.h"
#include "fuzz/worker/fault.h"
#include "fuzz/worker/frames.h"
#include "fuzz/worker/readable.h"

namespace sluice::worker {

namespace {

using image::Aarch64Registers;
using image::Trap;

Machine machine_of(const Aarch64Registers& registers) {
  Machine machine{.stack = registers.general.back()};
  std::copy_n(registers.general.begin(), machine.general.size(), machine.general.begin());
  return machine;
}

// What compilers for Windows mean by brk; of another number clang's traps.
void classify_breakpoint(std::uint32_t number, FaultRecord& fault) {
  constexpr std::uint32_t kBreakpoint = 0xF000;
  constexpr std::uint32_t kFastFail = 0xF003;
  constexpr std::uint32_t kDivideByZero = 0xF004;
  fault.kind = number == kBreakpoint || number == kFastFail ? FaultKind::bugcheck : FaultKind::undefined;
  const char* what = number == kBreakpoint     ? "came to a breakpoint"
                     : number == kFastFail     ? "gave up at once"
                     : number == kDivideByZero ? "divided an integer by zero"
                                               : "came to an instruction that traps";
  std::snprintf(fault.text, sizeof fault.text, "%s (brk #%#x)", what, number);
}

void record(FaultRecord& fault, const Aarch64Registers& registers) {
  InstructionRecord& instruction = fault.instruction;
  instruction.is_aarch64 = 1;
  std::ranges::copy(registers.general, instruction.general);
  instruction.pc = registers.pc;
  // Where a jump led to there is no instruction.
  if (fault.access != Access::execute) {
    const auto* code = reinterpret_cast<const void*>(static_cast<std::uintptr_t>(registers.pc));
    instruction.size = static_cast<std::uint32_t>(copy_readable(instruction.bytes, code, sizeof(std::uint32_t)));
  }
  record_image(fault.frames, registers.pc, registers.general.back());
}

}  // namespace

void tell_trap(const image::Emulator& emulator, const Trap& trap) {
  FaultRecord& fault = begin_fault(FaultKind::wild);
  const Aarch64Registers registers = emulator.registers();
  const auto classify_as = [&](Access access) {
    classify_access(trap.address, access, machine_of(registers), fault);
    fault.size = trap.size;
  };
  switch (trap.kind) {
    case Trap::Kind::read: classify_as(Access::read); break;
    case Trap::Kind::write: classify_as(Access::write); break;
    case Trap::Kind::execute: classify_as(Access::execute); break;
    case Trap::Kind::breakpoint: classify_breakpoint(trap.number, fault); break;
    case Trap::Kind::undefined:
      fault.kind = FaultKind::undefined;
      copy_text(fault.text, "came to an instruction that traps (udf)");
      break;
    case Trap::Kind::exception:
      fault.kind = FaultKind::undefined;
      std::snprintf(fault.text, sizeof fault.text, "came to what the emulator cannot do (%u)", trap.number);
      break;
  }
  record(fault, registers);
  end_fault();
}

void tell_emulated(const image::Emulator& emulator, int signal, const siginfo_t& info, const ucontext_t& context) {
  FaultRecord& fault = begin_fault(FaultKind::wild);
  const Aarch64Registers registers = emulator.registers();
  if (signal == SIGSEGV || signal == SIGBUS) {
    classify_access(reinterpret_cast<std::uintptr_t>(info.si_addr), access_of(context), machine_of(registers), fault);
  } else {
    std::snprintf(fault.text, sizeof fault.text, "signal %d in the emulator", signal);
  }
  record(fault, registers);
  end_fault();
}

}  // namespace sluice::worker
