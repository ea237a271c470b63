#define EVALUATE                  \
  volatile int most = 0x7FFFFFFF; \
  return (struct sluice_result){0, (uint32_t)(most + 1)};
#include "misbehave.h"
