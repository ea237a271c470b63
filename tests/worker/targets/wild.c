#define EVALUATE                           \
  *(volatile uint64_t*)0x500000000000 = 1; \
  return ACCEPTED;
#include "misbehave.h"
