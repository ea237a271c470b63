#include <stdlib.h>
#define EVALUATE exit(3);
#include "misbehave.h"
