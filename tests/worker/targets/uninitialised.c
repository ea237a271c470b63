#include <stdint.h>
/* The compiler must not see that nobody wrote it. */
__attribute__((noinline)) static int follow(const uint8_t* volatile* where) { return **where; }
#define EVALUATE                   \
  const uint8_t* volatile pointer; \
  return (struct sluice_result){SLUICE_ACCEPTED, (uint32_t)follow(&pointer)};

#include "misbehave.h"
