#define EVALUATE ((void (*volatile)(void))0)(); return ACCEPTED;
#include "misbehave.h"
