#define EVALUATE \
  return (struct sluice_result){0, ((const volatile uint8_t*)event->inputs[0].data)[event->inputs[0].size]};
#include "misbehave.h"
