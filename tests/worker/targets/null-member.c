#define EVALUATE return (struct sluice_result){SLUICE_ACCEPTED, *(const volatile uint32_t*)0x18};
#include "misbehave.h"
