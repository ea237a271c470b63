#define EVALUATE return (struct sluice_result){7, 0};
#include "misbehave.h"
