#include "fuzz/image/emulator_stack.h"

asm(R"(
  .pushsection .text
  .hidden sluice_enter_emulator
  .globl sluice_enter_emulator
  .type sluice_enter_emulator, @function
sluice_enter_emulator:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  movq %rdi, %rax
  movq %rsi, %rdi
  leaq -128(%rsp), %rsi
  movq %rdx, %rsp
  call *%rax
  movq %rbp, %rsp
  popq %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size sluice_enter_emulator, . - sluice_enter_emulator

  .hidden sluice_leave_emulator
  .globl sluice_leave_emulator
  .type sluice_leave_emulator, @function
sluice_leave_emulator:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  pushq %rbx
  .cfi_def_cfa_offset 24
  .cfi_offset %rbx, -24
  movq %rsp, %rbx
  .cfi_def_cfa %rbx, 24
  leaq -128(%rsp), %rax
  andq $-16, %rax
  movq %rax, (%r8)
  leaq -16(%rdx), %rsp
  andq $-16, %rsp
  movq 0(%rcx), %rax
  movq %rax, 0(%rsp)
  movq 8(%rcx), %rax
  movq %rax, 8(%rsp)
  movq %rsp, %rbp
  movq %rdi, %r11
  movq %rsi, %r10
  pushq 88(%r10)
  pushq 80(%r10)
  pushq 72(%r10)
  pushq 64(%r10)
  pushq 56(%r10)
  pushq 48(%r10)
  movq 0(%r10), %rdi
  movq 8(%r10), %rsi
  movq 16(%r10), %rdx
  movq 24(%r10), %rcx
  movq 32(%r10), %r8
  movq 40(%r10), %r9
  xorl %eax, %eax
  call *%r11
  movq %rbx, %rsp
  popq %rbx
  popq %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size sluice_leave_emulator, . - sluice_leave_emulator
  .popsection
)");
