#define EVALUATE            \
  __asm__ volatile("int3"); \
  return ACCEPTED;
#include "misbehave.h"
