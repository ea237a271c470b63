/* An earlier call leaves the same bytes under every poison where the array comes to lie. */
#define GATHER                                                                                      \
  NOINLINE static void leave(volatile uint64_t* room) {                                             \
    for (int i = 0; i < 64; ++i) room[i] = 0x1234;                                                  \
  }                                                                                                 \
  NOINLINE static void prepare(void) {                                                              \
    volatile uint64_t room[64];                                                                     \
    leave(room);                                                                                    \
  }                                                                                                 \
  NOINLINE static void pass(const struct sluice_event* event) {                                     \
    const void* inputs[24];                                                                         \
    for (uint32_t i = 0; i < 9; ++i) inputs[i] = i < event->num_inputs ? event->inputs[i].data : 0; \
    interpret(event->type, inputs, 9);                                                              \
  }                                                                                                 \
  NOINLINE static void gather(const struct sluice_event* event) {                                   \
    prepare();                                                                                      \
    pass(event);                                                                                    \
  }
#include "measured.h"
