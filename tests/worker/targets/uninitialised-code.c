#include <stdint.h>
__attribute__((noinline)) static uint32_t look(volatile uint32_t* where) { return *where; }
#define EVALUATE           \
  volatile uint32_t value; \
  return (struct sluice_result){SLUICE_ACCEPTED, look(&value) & 0xFF};
#include "misbehave.h"
