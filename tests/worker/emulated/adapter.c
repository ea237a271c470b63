/* Calls a function of tests/image/drivers/emulated.c: content is its name, a space, and a letter that says with what.
 */
#include "fuzz/target/image.h"

#include <string.h>

void* ExAllocatePool2(uint64_t flags, size_t size, uint32_t tag);
void ExFreePoolWithTag(void* memory, uint32_t tag);

enum { NON_PAGED = 0x40, TAG = 'lumE', SIZE = 96, ROUNDS = 1 << 20 };

static void* spin_function;
static void on_spin(uint64_t* arguments) { arguments[0] = 10; }

static uint64_t argument_of(char letter, const char* content, size_t size) {
  if (letter == 'c') return (uint64_t)(content + size); /* behind the content */
  if (letter == 'd') return UINT64_MAX;
  if (letter == 'r') return ROUNDS;
  if (letter == 'h') sluice_image_on_call(spin_function, on_spin);
  if (letter == 'n' || letter == 'h') return 0;
  char* memory = ExAllocatePool2(NON_PAGED, SIZE, TAG);
  if (letter == 'e') return (uint64_t)(memory + SIZE); /* behind an allocation */
  if (letter == 'b') return (uint64_t)(memory - 8);    /* before it */
  ExFreePoolWithTag(memory, TAG);
  return (uint64_t)memory;
}

/* A stand-in that calls the image again, in the way that images are called; and one that calls a pointer, as if the
 * image were native. */
uint64_t sluice_import_TestCallBack(uint64_t depth) {
  return sluice_image_call(sluice_image_symbol("CallBack"), 1, depth);
}
uint64_t sluice_import_TestWeigh(uint64_t a) {
  uint64_t (*function)(uint64_t) = (uint64_t (*)(uint64_t))sluice_image_symbol("CallBack");
  return function(a) + 1;
}
uint64_t sluice_import_TestVariable = 42;

static struct sluice_result load(const void* content, size_t size) {
  const struct sluice_result refused = {SLUICE_REFUSED, 0};
  char name[64] = {0};
  if (size < 3 || size - 2 >= sizeof name) return refused;
  memcpy(name, content, size - 2);
  spin_function = sluice_image_symbol("Spin");
  const uint64_t argument = argument_of(((const char*)content)[size - 1], content, size);
  const uint64_t result = sluice_image_call(sluice_image_symbol(name), 1, argument);
  const struct sluice_result accepted = {SLUICE_ACCEPTED, (uint32_t)result};
  return accepted;
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  const struct sluice_result accepted = {SLUICE_ACCEPTED, event->type};
  return accepted;
}

static void unload(void) {}

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {SLUICE_TARGET_VERSION, "emulated", load, evaluate, unload, 0};
  return &target;
}
