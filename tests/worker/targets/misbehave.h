/* A target that does one thing wrong: what a file here defines replaces what a well-behaved one would do.
 *
 * Content is any bytes; an event has whatever inputs it has. */
#include <stdint.h>
#include <string.h>

#include "fuzz/target/target.h"

#define ACCEPTED ((struct sluice_result){SLUICE_ACCEPTED, 0})

#ifndef LOAD
#define LOAD return ACCEPTED;
#endif
#ifndef EVALUATE
#define EVALUATE return ACCEPTED;
#endif
#ifndef UNLOAD
#define UNLOAD
#endif
#ifndef VERSION
#define VERSION SLUICE_TARGET_VERSION
#endif
#ifndef DESCRIBE
#define DESCRIBE 0
#endif

static struct sluice_result load(const void* content, size_t size) {
  (void)content;
  (void)size;
  LOAD
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  (void)event;
  EVALUATE
}

static void unload(void) { UNLOAD }

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {VERSION, "misbehaving", load, evaluate, unload, DESCRIBE};
  return &target;
}
