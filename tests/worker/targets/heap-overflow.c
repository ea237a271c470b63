#include <stdlib.h>
#define EVALUATE                       \
  volatile uint8_t* room = malloc(40); \
  room[41] = 1;                        \
  free((void*)room);                   \
  return ACCEPTED;
#include "misbehave.h"
