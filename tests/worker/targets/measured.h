/* Integration code that hands an array to an interpreter, in one way or another. What a file here defines as GATHER is
 * called with an event, and hands over. */
#include <stdint.h>

#include "fuzz/target/target.h"

#define NOINLINE __attribute__((noinline))

static uint64_t sum;

/* Reads as many inputs as it is told. */
NOINLINE static void interpret(uint32_t type, const void* const* inputs, uint32_t count) {
  const void* const volatile* guarded = sluice_guard_array("inputs", type, inputs, sizeof *inputs);
  for (uint32_t i = 0; i < count; ++i) sum += guarded[i] != 0;
}

GATHER

static struct sluice_result load(const void* content, size_t size) {
  (void)content;
  return (struct sluice_result){size == 0 ? SLUICE_REFUSED : SLUICE_ACCEPTED, 0};
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  sum = 0;
  gather(event);
  return (struct sluice_result){SLUICE_ACCEPTED, (uint32_t)sum};
}

static void unload(void) {}

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {SLUICE_TARGET_VERSION, "measured", load, evaluate, unload, 0};
  return &target;
}
