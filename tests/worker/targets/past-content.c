#define LOAD return (struct sluice_result){0, ((const volatile uint8_t*)content)[size]};
#include "misbehave.h"
