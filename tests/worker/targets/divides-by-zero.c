#define EVALUATE         \
  volatile int zero = 0; \
  return (struct sluice_result){0, (uint32_t)(100 / zero)};
#include "misbehave.h"
