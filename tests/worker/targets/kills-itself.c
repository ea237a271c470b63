#include <signal.h>
#include <unistd.h>
#define LOAD               \
  kill(getpid(), SIGKILL); \
  return ACCEPTED;
#include "misbehave.h"
