#define EVALUATE                   \
  for (volatile int i = 0;; ++i) { \
  }
#include "misbehave.h"
