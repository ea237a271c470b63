#define EVALUATE return (struct sluice_result){SLUICE_ACCEPTED, *(const volatile uint32_t*)0};
#include "misbehave.h"
