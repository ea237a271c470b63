#include <stdlib.h>
#define EVALUATE abort();
#include "misbehave.h"
