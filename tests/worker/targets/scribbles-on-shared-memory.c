#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
/* The worker offers its symbols: the pointer to what it shares with the supervisor is one. */
static void scribble(void) {
  unsigned char** shared = dlsym(RTLD_DEFAULT, "_ZN6sluice6worker6sharedE");
  memset(*shared, 0xFF, 200000);
}
#define EVALUATE         \
  scribble();            \
  *(volatile int*)0 = 1; \
  return ACCEPTED;
#include "misbehave.h"
