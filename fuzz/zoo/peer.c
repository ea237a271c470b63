/* The zoo as other fuzzers are given it: one input is a content file, which is loaded and asked what it makes of one
 * full and one empty event of each template type. The driver is compiled into the program, with the fuzzer's own
 * instrumentation and AddressSanitizer. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/target/target.h"

enum { MOST_INPUTS = 64 };

void sluice_reached(uint32_t instance, uint32_t criterion) {
  (void)instance;
  (void)criterion;
}

/* The sanitizer knows how long an array on the stack is. */
const void* sluice_guard_array(const char* name, uint32_t type, const void* array, size_t element_size) {
  (void)name;
  (void)type;
  (void)element_size;
  return array;
}

static void evaluate(const struct sluice_target* target, const struct sluice_template_type* type, int is_full) {
  static const uint64_t number = 7;
  static const uint16_t text[] = {'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a'};
  struct sluice_input inputs[MOST_INPUTS];
  memset(inputs, 0, sizeof inputs);
  for (uint32_t i = 0; is_full && i < type->num_inputs && i < MOST_INPUTS; i++) {
    inputs[i].kind = type->input_kinds[i];
    const int is_number = inputs[i].kind == SLUICE_U32 || inputs[i].kind == SLUICE_U64;
    inputs[i].data = is_number ? (const void*)&number : (const void*)text;
    inputs[i].size = inputs[i].kind == SLUICE_U32 ? 4 : inputs[i].kind == SLUICE_U64 ? 8 : sizeof text;
  }
  const struct sluice_event event = {type->type, type->num_inputs, inputs};
  target->evaluate(&event);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
#ifdef __AFL_COMPILER
  /* AFL++'s own main() executes four zeros before there is a fuzzer. Where they fault it gives up and saves nothing. */
  static int has_begun;
  if (!has_begun) {
    has_begun = 1;
    return 0;
  }
#endif
  const struct sluice_target* target = sluice_target();
  if (target->load(data, size).status != SLUICE_ACCEPTED) return 0;
  const struct sluice_description* about = target->describe();
  for (uint32_t t = 0; t < about->num_types; t++) {
    evaluate(target, &about->types[t], 1);
    evaluate(target, &about->types[t], 0);
  }
  target->unload();
  return 0;
}
