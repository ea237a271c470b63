void ExFrobnicatePool(void);
#define LOAD          \
  ExFrobnicatePool(); \
  return ACCEPTED;
#include "misbehave.h"
