/* Calls what the content's first byte says of tests/image/modules/sample.c. */
#include "fuzz/target/image.h"

uint64_t sluice_import_sample_jiffies = 1000;
int sluice_import_sample_printk(const char* text) { return text[0]; }

static uint64_t call(const char* name, uint64_t argument) {
  return sluice_image_call(sluice_image_symbol(name), 1, argument);
}

static uint64_t act(uint8_t what) {
  switch (what) {
    case 'l': return call("sample_lookup", 5);
    case 'i': return call("sample_use_imports", 0);
    case 'b': return call("sample_bug", 0);
    case 'w': return call("sample_bug", 1), 7;
    case 't': return call("sample_try_read", 0);
    case 'c': return call("sample_count_on_cpu", 0) + call("sample_count_by_pointer", 0);
    case 'n': return call("square_of_nothing", 0);
    default: return 0;
  }
}

static struct sluice_result load(const void* content, size_t size) {
  return (struct sluice_result){SLUICE_ACCEPTED, size != 0 ? (uint32_t)act(*(const uint8_t*)content) : 0};
}
static struct sluice_result evaluate(const struct sluice_event* event) {
  (void)event;
  return (struct sluice_result){SLUICE_ACCEPTED, 0};
}
static void unload(void) {}

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target kTarget = {SLUICE_TARGET_VERSION, "sample", load, evaluate, unload, NULL};
  return &kTarget;
}
