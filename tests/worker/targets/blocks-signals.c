#include <signal.h>
#define EVALUATE                   \
  sigset_t all;                    \
  sigfillset(&all);                \
  sigprocmask(SIG_BLOCK, &all, 0); \
  *(volatile int*)0 = 1;           \
  return ACCEPTED;
#include "misbehave.h"
