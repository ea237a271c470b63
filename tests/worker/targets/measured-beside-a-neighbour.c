/* Another function writes what follows the array: from outside, that could be elements. */
#define GATHER                                                                                  \
  struct frame {                                                                                \
    const void* inputs[8];                                                                      \
    const void* others[4];                                                                      \
  };                                                                                            \
  NOINLINE static void fill(const struct sluice_event* event, const void* volatile* to) {       \
    for (uint32_t i = 0; i < 8; ++i) to[i] = i < event->num_inputs ? event->inputs[i].data : 0; \
  }                                                                                             \
  NOINLINE static void gather(const struct sluice_event* event) {                               \
    struct frame frame;                                                                         \
    fill(event, frame.inputs);                                                                  \
    for (uint32_t i = 0; i < 2; ++i) ((const void* volatile*)frame.others)[i] = event;          \
    interpret(event->type, frame.inputs, 8);                                                    \
  }
#include "measured.h"
