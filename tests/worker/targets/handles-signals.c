#include <signal.h>
#define LOAD                \
  signal(SIGSEGV, SIG_IGN); \
  return ACCEPTED;
#include "misbehave.h"
