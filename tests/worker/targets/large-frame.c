#define EVALUATE volatile char room[1 << 20]; room[0] = 1; return (struct sluice_result){SLUICE_ACCEPTED, (uint32_t)room[0]};
#include "misbehave.h"
