#include <stdlib.h>
#define EVALUATE volatile uint32_t *room = malloc(40); uint32_t code = room[-1]; free((void *)room); return (struct sluice_result){0, code};
#include "misbehave.h"
