#include <signal.h>
#define EVALUATE  \
  raise(SIGUSR1); \
  return ACCEPTED;
#include "misbehave.h"
