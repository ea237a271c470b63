static unsigned long long interpret(void* const volatile* inputs, unsigned n) {
  return (unsigned long long)(__UINTPTR_TYPE__)inputs[n];
}
#define EVALUATE                                       \
  const void* inputs[21];                              \
  for (uint32_t i = 0; i < 20; ++i) inputs[i] = event; \
  sluice_reached(3, 20);                               \
  return (struct sluice_result){                       \
      0, interpret(sluice_guard_array("inputs", event->type, inputs, sizeof inputs[0]), 20) != 0};
#include "misbehave.h"
