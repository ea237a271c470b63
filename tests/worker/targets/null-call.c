#define EVALUATE                       \
  void (*volatile function)(void) = 0; \
  function();                          \
  return ACCEPTED;
#include "misbehave.h"
