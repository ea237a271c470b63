#include <setjmp.h>
static jmp_buf place;
static int jumps;
#define LOAD                                                   \
  if (setjmp(place) != 0) return (struct sluice_result){0, 5}; \
  return ACCEPTED;
#define EVALUATE                      \
  if (++jumps < 3) longjmp(place, 1); \
  return ACCEPTED;
#include "misbehave.h"
