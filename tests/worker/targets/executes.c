#include <unistd.h>
#define LOAD                            \
  execl("/bin/true", "true", (char*)0); \
  return ACCEPTED;
#include "misbehave.h"
