/* The array is the first member of a structure whose second is written too, by the same function. */
#define GATHER                                                                                             \
  struct frame {                                                                                           \
    const void* inputs[20];                                                                                \
    const void* owner;                                                                                     \
  };                                                                                                       \
  NOINLINE static void gather(const struct sluice_event* event) {                                          \
    struct frame frame;                                                                                    \
    for (uint32_t i = 0; i < 20; ++i) frame.inputs[i] = i < event->num_inputs ? event->inputs[i].data : 0; \
    *(const void* volatile*)&frame.owner = event;                                                          \
    interpret(event->type, frame.inputs, 20);                                                              \
  }
#include "measured.h"
