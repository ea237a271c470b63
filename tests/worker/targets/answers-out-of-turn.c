#include <unistd.h>
#define EVALUATE                              \
  for (int fd = 3; fd < 64; ++fd)             \
    if (write(fd, "nonsense", 8) == 8) break; \
  return ACCEPTED;
#include "misbehave.h"
