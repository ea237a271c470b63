#include <stdint.h>
/* What a function saves of its caller's registers, and later takes for something that it wrote. */
#define EVALUATE                                    \
  uint64_t saved;                                   \
  __asm__ volatile("movq %%rbx, %0" : "=r"(saved)); \
  return (struct sluice_result){SLUICE_ACCEPTED, saved & 0xFF};
#include "misbehave.h"
