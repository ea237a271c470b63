#include <stdlib.h>
#define LOAD                                             \
  for (;;) {                                             \
    char* volatile room = malloc(1 << 20);               \
    if (room == 0) return (struct sluice_result){1, 12}; \
    memset(room, 1, 1 << 20);                            \
  }
#include "misbehave.h"
