#include <sys/socket.h>
#define LOAD                       \
  socket(AF_INET, SOCK_STREAM, 0); \
  return ACCEPTED;
#include "misbehave.h"
