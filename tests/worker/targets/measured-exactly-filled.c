/* What follows the array was pushed: the return address and saved registers. */
#define GATHER                                                                                           \
  NOINLINE static void gather(const struct sluice_event* event) {                                        \
    const void* inputs[12];                                                                              \
    for (uint32_t i = 0; i < 12; ++i) inputs[i] = i < event->num_inputs ? event->inputs[i].data : event; \
    interpret(event->type, inputs, 12);                                                                  \
  }
#include "measured.h"
