#include <unistd.h>
#define LOAD \
  fork();    \
  return ACCEPTED;
#include "misbehave.h"
