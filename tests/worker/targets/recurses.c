static int deeper(volatile int depth) {
  volatile char room[256];
  room[0] = (char)depth;
  return depth < 0 ? 0 : deeper(depth + 1) + room[0];
}
#define EVALUATE return (struct sluice_result){SLUICE_ACCEPTED, (uint32_t)deeper(0)};
#include "misbehave.h"
