#include <unistd.h>
#define EVALUATE                             \
  for (int fd = 0; fd < 64; ++fd) close(fd); \
  return ACCEPTED;
#include "misbehave.h"
