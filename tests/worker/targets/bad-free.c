#include <stdlib.h>
#define EVALUATE                              \
  void* volatile room = (void*)event->inputs; \
  free(room);                                 \
  return ACCEPTED;
#include "misbehave.h"
