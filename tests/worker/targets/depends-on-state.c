static unsigned calls;
#define EVALUATE return (struct sluice_result){0, ++calls};
#include "misbehave.h"
