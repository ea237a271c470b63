/* Takes the content for a buffer of its own. */
#include "fuzz/target/target.h"

static struct sluice_result load(const void* content, size_t size) {
  if (size > 1) ((volatile unsigned char*)(uintptr_t)content)[1] ^= 0x20;
  return (struct sluice_result){SLUICE_ACCEPTED, 0};
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  (void)event;
  return (struct sluice_result){SLUICE_ACCEPTED, 0};
}

static void unload(void) {}

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {SLUICE_TARGET_VERSION, "writes content", load, evaluate, unload, 0};
  return &target;
}
