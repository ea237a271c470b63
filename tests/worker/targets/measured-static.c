#define GATHER                                                                                           \
  static const void* inputs[30];                                                                         \
  NOINLINE static void gather(const struct sluice_event* event) {                                        \
    for (uint32_t i = 0; i < 11; ++i) inputs[i] = i < event->num_inputs ? event->inputs[i].data : event; \
    interpret(event->type, inputs, 11);                                                                  \
  }
#include "measured.h"
