#define EVALUATE volatile uint32_t room[8] = {0}; return (struct sluice_result){0, room[event->num_inputs + 6]};
#include "misbehave.h"
