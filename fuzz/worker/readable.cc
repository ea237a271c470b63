#include "fuzz/worker/readable.h"

// rep movsb keeps its count exact when it faults.
asm(R"(
  .pushsection .text
  .hidden sluice_copy_readable
  .globl sluice_copy_readable
  .type sluice_copy_readable, @function
sluice_copy_readable:
  .cfi_startproc
  movq %rdx, %rcx
  .hidden sluice_copy_faults
  .globl sluice_copy_faults
sluice_copy_faults:
  rep movsb
  .hidden sluice_copy_ends
  .globl sluice_copy_ends
sluice_copy_ends:
  movq %rdx, %rax
  subq %rcx, %rax
  ret
  .cfi_endproc
  .size sluice_copy_readable, . - sluice_copy_readable
  .popsection
)");

extern "C" {
std::size_t sluice_copy_readable(void* to, const void* from, std::size_t size);
extern const char sluice_copy_faults;
extern const char sluice_copy_ends;
}

namespace sluice::worker {

std::size_t copy_readable(void* to, const void* from, std::size_t size) { return sluice_copy_readable(to, from, size); }

void copy_text(char* to, std::size_t size, const char* from) {
  std::size_t length = 0;
  while (length + 1 < size && copy_readable(to + length, from + length, 1) == 1 && to[length] != '\0') ++length;
  to[length] = '\0';
}

bool resume_copy(ucontext_t& context) {
  greg_t& rip = context.uc_mcontext.gregs[REG_RIP];
  if (rip != reinterpret_cast<greg_t>(&sluice_copy_faults)) return false;
  rip = reinterpret_cast<greg_t>(&sluice_copy_ends);
  return true;
}

}  // namespace sluice::worker
