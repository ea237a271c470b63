/* memset writes all of them: then that many are supplied, most of them as null. */
#include <string.h>
#define GATHER                                                                                    \
  NOINLINE static void gather(const struct sluice_event* event) {                                 \
    const void* inputs[16];                                                                       \
    memset(inputs, 0, sizeof inputs);                                                             \
    for (uint32_t i = 0; i < event->num_inputs && i < 16; ++i) inputs[i] = event->inputs[i].data; \
    interpret(event->type, inputs, 16);                                                           \
  }
#include "measured.h"
