#include <stdint.h>
static volatile uint16_t table[12];
#define EVALUATE return (struct sluice_result){0, table[event->num_inputs + 10]};
#include "misbehave.h"
