#define EVALUATE \
  return (struct sluice_result){0, ((const volatile struct sluice_input*)event->inputs)[event->num_inputs].kind};
#include "misbehave.h"
