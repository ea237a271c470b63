#include <stdlib.h>
#define EVALUATE volatile uint32_t *room = malloc(40); free((void *)room); return (struct sluice_result){0, room[2]};
#include "misbehave.h"
