#include <stdint.h>
static uint16_t table[12];
static uint16_t *volatile where = table;
#define EVALUATE return (struct sluice_result){0, where[12]};
#include "misbehave.h"
