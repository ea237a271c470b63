#include "fuzz/image/session_stack.h"

#include <cstring>

#include "fuzz/image/fill_registers.h"

extern "C" {
std::uint64_t sluice_session_call(const void* argument, sluice::image::SessionStack::Function function, void* top);
void sluice_session_return();
// AddressSanitizer's, where the stand-ins are built with it: frames that were left by a jump are still marked.
__attribute__((weak)) void __asan_unpoison_memory_region(const volatile void* address, std::size_t size);
}

// Nothing that the driver leaves in a register is believed. Where to return to is kept in memory. Nor does it find
// anything in one: what it saves on its stack and never writes again would be of this process, and another the next
// time.
asm(R"(
  .pushsection .bss
  .balign 8
sluice_session_caller:
  .zero 8
  .popsection
  .pushsection .text
  .hidden sluice_session_call
  .globl sluice_session_call
  .type sluice_session_call, @function
sluice_session_call:
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
  movq %rsp, sluice_session_caller(%rip)
  movq %rdx, %rsp
  movabsq $0xA5A5A5A5A5A5A5A5, %rax
)" SLUICE_FILL_REGISTERS R"(
  call *%rsi
  .hidden sluice_session_return
  .globl sluice_session_return
sluice_session_return:
  cld
  movq sluice_session_caller(%rip), %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size sluice_session_call, . - sluice_session_call
  .popsection
)");

namespace sluice::image {

namespace {

// Wide, for frames that step over a narrow one.
constexpr std::size_t kGuard = 16u << 20;
constexpr std::uintptr_t kWanted = 0x320000000000;
// Not canonical as a pointer, odd as a length.
constexpr std::uint8_t kPoison = 0xA5;
constexpr std::size_t kBlock = 512;

// Called by way of memory: a program without a sanitizer is to have no call of one, not even one that is never reached.
void (*volatile const unpoison)(const volatile void* address, std::size_t size) = __asan_unpoison_memory_region;

// Without an early end, so that it is done many words at a time.
bool is_untouched(const std::uint8_t* at) {
  constexpr std::uint64_t kPattern = kPoison * 0x0101010101010101u;
  std::uint64_t words[kBlock / sizeof(std::uint64_t)];
  std::memcpy(words, at, kBlock);
  std::uint64_t difference = 0;
  for (const std::uint64_t word : words) difference |= word ^ kPattern;
  return difference == 0;
}

}  // namespace

bool SessionStack::map(std::size_t size) {
  if (!pages_.map(kWanted, size, kGuard)) return false;
  std::memset(pages_.begin(), kPoison, pages_.size());
  return true;
}

std::uint64_t SessionStack::call(Function function, const void* argument) const {
  return sluice_session_call(argument, function, pages_.end());
}

std::uintptr_t SessionStack::way_out() { return reinterpret_cast<std::uintptr_t>(&sluice_session_return); }

void SessionStack::leave() {
  asm volatile("jmp sluice_session_return");
  __builtin_unreachable();
}

void SessionStack::refill() {
  static_assert(kBlock <= 4096);
  std::uint8_t* at = pages_.begin();
  while (at < pages_.end() && is_untouched(at)) at += kBlock;
  const auto used = static_cast<std::size_t>(pages_.end() - at);
  if (unpoison != nullptr) unpoison(at, used);
  std::memset(at, kPoison, used);
}

}  // namespace sluice::image
