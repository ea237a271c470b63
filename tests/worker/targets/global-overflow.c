#include <stdint.h>
static uint16_t table[12];
static uint16_t* volatile where = table;
#define EVALUATE                      \
  volatile uint16_t sink = where[12]; \
  return ACCEPTED;
#include "misbehave.h"
