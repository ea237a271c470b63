/* Well-behaved: remembers a byte of the content, adds up the inputs, and says which criteria it reached. */
#include "fuzz/target/target.h"

static unsigned char first;

static struct sluice_result load(const void* content, size_t size) {
  if (size == 0) return (struct sluice_result){SLUICE_REFUSED, 0xC000000D};
  first = *(const unsigned char*)content;
  return (struct sluice_result){SLUICE_ACCEPTED, 0};
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  uint32_t sum = first;
  for (uint32_t i = 0; i < event->num_inputs; ++i) {
    const struct sluice_input* input = &event->inputs[i];
    sluice_reached(0, i);
    sluice_reached(0, i);
    for (uint32_t k = 0; k < input->size; ++k) sum += ((const unsigned char*)input->data)[k];
  }
  return (struct sluice_result){sum % 2 == 0 ? SLUICE_ACCEPTED : SLUICE_REFUSED, sum};
}

static void unload(void) { first = 0; }

static const struct sluice_description* describe(void) {
  static const uint32_t kinds[] = {SLUICE_UTF16, SLUICE_U32, SLUICE_BYTES};
  static const struct sluice_template_type types[] = {{3, "ipc", 3, kinds}, {4, "file", 2, 0}};
  static const struct sluice_description description = {2, types};
  return &description;
}

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {SLUICE_TARGET_VERSION, "good", load, evaluate, unload, describe};
  return &target;
}
