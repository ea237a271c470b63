static const volatile unsigned char* kept;
#define LOAD      \
  kept = content; \
  return ACCEPTED;
#define EVALUATE return (struct sluice_result){0, kept[1]};
#include "misbehave.h"
