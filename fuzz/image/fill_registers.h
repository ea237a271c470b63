// What a driver finds in registers when it is called, as text for an assembler.
#pragma once

// Copies %rax to every register that is no argument of two, but for %rsp and for %rbp, which unwinding goes by.
#define SLUICE_FILL_REGISTERS                                              \
  "  .irp register, rbx, rcx, rdx, r8, r9, r10, r11, r12, r13, r14, r15\n" \
  "  movq %rax, %\\register\n"                                             \
  "  .endr\n"                                                              \
  "  movq %rax, %xmm0\n"                                                   \
  "  punpcklqdq %xmm0, %xmm0\n"                                            \
  "  .irp number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"     \
  "  movdqa %xmm0, %xmm\\number\n"                                         \
  "  .endr\n"
