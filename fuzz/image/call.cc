#include "fuzz/image/call.h"

namespace sluice::image {

namespace {

using Word = std::uint64_t;
using LinuxFunction = Word (*)(Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word);
using WindowsFunction = Word(__attribute__((ms_abi)) *)(Word, Word, Word, Word, Word, Word, Word, Word, Word, Word,
                                                        Word, Word);

template <typename Function>
Word call_as(const void* function, const Arguments& a) {
  const auto address = reinterpret_cast<std::uintptr_t>(function);
  return reinterpret_cast<Function>(address)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11]);
}

}  // namespace

std::uint64_t call(Format format, const void* function, const Arguments& arguments) {
  return format == Format::pe ? call_as<WindowsFunction>(function, arguments)
                              : call_as<LinuxFunction>(function, arguments);
}

}  // namespace sluice::image

// Windows: rcx, rdx, r8, r9, then the stack above 32 bytes that belong to the called; rdi, rsi and xmm6 to xmm15
// survive. Linux: rdi, rsi, rdx, rcx, r8, r9, then the stack. rax is the number of floats, for functions of any
// arguments.
asm(R"(
  .pushsection .text
  .globl sluice_from_windows
  .type sluice_from_windows, @function
sluice_from_windows:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  andq $-16, %rsp
  subq $176, %rsp
  movq %rdi, 0(%rsp)
  movq %rsi, 8(%rsp)
  movaps %xmm6, 16(%rsp)
  movaps %xmm7, 32(%rsp)
  movaps %xmm8, 48(%rsp)
  movaps %xmm9, 64(%rsp)
  movaps %xmm10, 80(%rsp)
  movaps %xmm11, 96(%rsp)
  movaps %xmm12, 112(%rsp)
  movaps %xmm13, 128(%rsp)
  movaps %xmm14, 144(%rsp)
  movaps %xmm15, 160(%rsp)
  movq %rcx, %rdi
  movq %rdx, %rsi
  movq %r8, %rdx
  movq %r9, %rcx
  movq 48(%rbp), %r8
  movq 56(%rbp), %r9
  pushq 104(%rbp)
  pushq 96(%rbp)
  pushq 88(%rbp)
  pushq 80(%rbp)
  pushq 72(%rbp)
  pushq 64(%rbp)
  xorl %eax, %eax
  call *%r11
  addq $48, %rsp
  movq 0(%rsp), %rdi
  movq 8(%rsp), %rsi
  movaps 16(%rsp), %xmm6
  movaps 32(%rsp), %xmm7
  movaps 48(%rsp), %xmm8
  movaps 64(%rsp), %xmm9
  movaps 80(%rsp), %xmm10
  movaps 96(%rsp), %xmm11
  movaps 112(%rsp), %xmm12
  movaps 128(%rsp), %xmm13
  movaps 144(%rsp), %xmm14
  movaps 160(%rsp), %xmm15
  movq %rbp, %rsp
  popq %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size sluice_from_windows, . - sluice_from_windows
  .popsection
)");
