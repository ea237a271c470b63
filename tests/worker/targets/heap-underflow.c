#include <stdlib.h>
#define EVALUATE                        \
  volatile uint32_t* room = malloc(40); \
  volatile uint32_t sink = room[-1];    \
  free((void*)room);                    \
  return ACCEPTED;
#include "misbehave.h"
