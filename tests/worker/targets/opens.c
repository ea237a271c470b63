#include <fcntl.h>
#define LOAD                     \
  open("/etc/passwd", O_RDONLY); \
  return ACCEPTED;
#include "misbehave.h"
