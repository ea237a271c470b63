#include <stdlib.h>
#define EVALUATE                    \
  void* volatile room = malloc(40); \
  free(room);                       \
  free(room);                       \
  return ACCEPTED;
#include "misbehave.h"
