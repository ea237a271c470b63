#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

/* The worker offers its symbols: the pointer to what it shares with the supervisor is one. What is written there
 * depends on the content: bytes from a generator, or all ones. */
static unsigned long long state;

static void scribble(void) {
  unsigned char** shared = dlsym(RTLD_DEFAULT, "_ZN6sluice6worker6sharedE");
  const size_t size = 2000000;
  if (state == 0) memset(*shared, 0xFF, size);
  for (size_t i = 0; state != 0 && i + 8 <= size; i += 8) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    memcpy(*shared + i, &state, 8);
  }
}

#define LOAD                                     \
  state = *(const unsigned char*)content & 0x1F; \
  return ACCEPTED;
#define EVALUATE         \
  scribble();            \
  *(volatile int*)0 = 1; \
  return ACCEPTED;
#include "misbehave.h"
