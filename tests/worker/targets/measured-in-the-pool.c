#include <stddef.h>
#include <stdint.h>
void* ExAllocatePool2(uint64_t flags, size_t size, uint32_t tag);
void ExFreePoolWithTag(void* memory, uint32_t tag);
#define GATHER                                                                                       \
  NOINLINE static void gather(const struct sluice_event* event) {                                    \
    const void** inputs = ExAllocatePool2(0x42, 30 * sizeof *inputs, 0x72736E53);                    \
    for (uint32_t i = 0; i < 17; ++i) inputs[i] = i < event->num_inputs ? event->inputs[i].data : 0; \
    interpret(event->type, inputs, 17);                                                              \
    ExFreePoolWithTag(inputs, 0x72736E53);                                                           \
  }
#include "measured.h"
