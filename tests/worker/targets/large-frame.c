__attribute__((noinline)) static char touch(volatile char* room) { return room[0] = 1; }
#define EVALUATE               \
  volatile char room[1 << 20]; \
  return (struct sluice_result){SLUICE_ACCEPTED, (uint32_t)touch(room)};
#include "misbehave.h"
