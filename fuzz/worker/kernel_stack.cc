#include "fuzz/worker/kernel_stack.h"

#include <cstring>

#include "fuzz/image/fill_registers.h"

#ifdef SLUICE_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

// uint64_t sluice_call_on_stack(const void* first, uint64_t second, Function function, void* top, uint64_t pattern)
// Nothing that the driver leaves in a register is believed: neither what it must preserve, which a jump out of an older
// call loses, nor the direction flag. Where to return to is kept in memory. Nor does it find anything in a register but
// the pattern: what it saves on its stack, and takes for its own, is then another under another poison. Left out is
// rbp, which unwinding goes by.
asm(R"(
  .pushsection .bss
  .balign 8
sluice_caller_stack:
  .zero 8
sluice_callee:
  .zero 8
  .popsection
  .pushsection .text
  .macro sluice_switch name, trap
  .hidden \name
  .globl \name
  .type \name, @function
\name:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  .cfi_offset %rbx, -24
  .cfi_offset %r12, -32
  .cfi_offset %r13, -40
  .cfi_offset %r14, -48
  .cfi_offset %r15, -56
  movq %rsp, sluice_caller_stack(%rip)
  movq %rdx, sluice_callee(%rip)
  movq %rcx, %rsp
  movq %r8, %rax
)" SLUICE_FILL_REGISTERS R"(
  .if \trap
  pushfq
  orq $0x100, (%rsp)
  popfq
  .endif
  call *sluice_callee(%rip)
  .if \trap
  pushfq
  andq $~0x100, (%rsp)
  popfq
  .endif
  cld
  movq sluice_caller_stack(%rip), %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size \name, . - \name
  .endm
  sluice_switch sluice_call_on_stack, 0
  sluice_switch sluice_step_on_stack, 1
  .popsection
)");

extern "C" {
using SluiceFunction = std::uint64_t (*)(const void*, std::uint64_t);
std::uint64_t sluice_call_on_stack(const void* first, std::uint64_t second, SluiceFunction function, void* top,
                                   std::uint64_t pattern);
std::uint64_t sluice_step_on_stack(const void* first, std::uint64_t second, SluiceFunction function, void* top,
                                   std::uint64_t pattern);
}

namespace sluice::worker {

namespace {

constexpr std::uint64_t pattern_of(std::uint8_t byte) { return byte * 0x0101010101010101u; }
// Not poison itself: registers that a fault has nothing to do with would tell of something that nobody wrote.
constexpr std::uint64_t in_registers(std::uint8_t byte) { return pattern_of(byte ^ 0x0F); }

// Whether a block of words is all pattern. Without an early end, so that it is done many words at a time.
constexpr std::size_t kBlock = 512;
bool is_untouched(const std::uint8_t* at, std::uint64_t pattern) {
  std::uint64_t words[kBlock / sizeof(std::uint64_t)];
  std::memcpy(words, at, kBlock);
  std::uint64_t difference = 0;
  for (const std::uint64_t word : words) difference |= word ^ pattern;
  return difference == 0;
}

// The lowest word that is not pattern, or `end`.
std::uint8_t* first_used(std::uint8_t* at, const std::uint8_t* end, std::uint8_t byte) {
  const std::uint64_t pattern = pattern_of(byte);
  while (static_cast<std::size_t>(end - at) >= kBlock && is_untouched(at, pattern)) at += kBlock;
  for (; at < end; at += sizeof pattern) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    if (word != pattern) break;
  }
  return at;
}

}  // namespace

void KernelStack::adopt() const {
#ifdef SLUICE_ASAN
  __sanitizer_start_switch_fiber(nullptr, area_.begin(), area_.size());
  __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
#endif
}

std::uint64_t KernelStack::call(Function function, const void* first, std::uint64_t second) const {
  return sluice_call_on_stack(first, second, function, area_.end(), in_registers(byte_));
}

std::uint64_t KernelStack::call_stepping(Function function, const void* first, std::uint64_t second) const {
  return sluice_step_on_stack(first, second, function, area_.end(), in_registers(byte_));
}

void KernelStack::fill(std::uint8_t byte) {
  permit(area_.begin(), area_.size());
  std::memset(area_.begin(), byte, area_.size());
  byte_ = byte;
  deepest_ = area_.end();
}

void KernelStack::refill() {
  std::uint8_t* used = first_used(area_.begin(), area_.end(), byte_);
  if (used < deepest_) deepest_ = used;
  permit(used, static_cast<std::size_t>(area_.end() - used));
  std::memset(used, byte_, static_cast<std::size_t>(area_.end() - used));
}

std::size_t KernelStack::measure() {
  std::uint8_t* used = first_used(area_.begin(), deepest_, byte_);
  if (used < deepest_) deepest_ = used;
  return static_cast<std::size_t>(area_.end() - deepest_);
}

}  // namespace sluice::worker
