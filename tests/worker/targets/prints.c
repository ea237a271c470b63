#include <stdio.h>
#define EVALUATE                    \
  for (int i = 0; i < 10000; ++i) { \
    printf("out %d\n", i);          \
    fprintf(stderr, "err %d\n", i); \
  }                                 \
  return ACCEPTED;
#include "misbehave.h"
