#define EVALUATE __builtin_trap();
#include "misbehave.h"
