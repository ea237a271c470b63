#include <signal.h>
#define LOAD        \
  kill(1, SIGKILL); \
  return ACCEPTED;
#include "misbehave.h"
