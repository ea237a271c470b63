#include <stdint.h>
__attribute__((noinline)) static uint32_t look(const volatile uint32_t* where) { return where[8]; }
#define EVALUATE                   \
  volatile uint32_t room[8] = {0}; \
  look(room);                      \
  return ACCEPTED;
#include "misbehave.h"
