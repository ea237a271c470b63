#include <stdlib.h>
#define EVALUATE                        \
  volatile uint32_t* room = malloc(40); \
  free((void*)room);                    \
  (void)room[2];                        \
  return ACCEPTED;
#include "misbehave.h"
