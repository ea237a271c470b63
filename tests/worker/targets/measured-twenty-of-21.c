/* The incident's: 21 are defined, 20 supplied, and the interpreter is told to read the 21st. */
#define GATHER                                                                                       \
  NOINLINE static void gather(const struct sluice_event* event) {                                    \
    const void* inputs[21];                                                                          \
    for (uint32_t i = 0; i < 20; ++i) inputs[i] = i < event->num_inputs ? event->inputs[i].data : 0; \
    sluice_reached(3, 20);                                                                           \
    interpret(event->type, inputs, 21);                                                              \
  }
#include "measured.h"
