/* Does with the kernel's calls what the first byte of the content says. */
#include <stdint.h>

#include "fuzz/target/target.h"

typedef unsigned long ULONG_PTR_;
void* ExAllocatePool2(uint64_t flags, size_t size, uint32_t tag);
void ExFreePoolWithTag(void* memory, uint32_t tag);
void KeBugCheckEx(uint32_t code, ULONG_PTR_ a, ULONG_PTR_ b, ULONG_PTR_ c, ULONG_PTR_ d);
unsigned long DbgPrintEx(unsigned id, unsigned level, const char* format, ...);

enum { UNINITIALISED = 0x42, TAG = 0x72736E53 };

static struct sluice_result load(const void* content, size_t size) {
  const unsigned char order = size == 0 ? 0 : *(const unsigned char*)content;
  uint32_t* first = ExAllocatePool2(UNINITIALISED, 40, TAG);
  uint32_t* second = ExAllocatePool2(UNINITIALISED, 24, TAG);
  struct sluice_result result = {SLUICE_ACCEPTED, 0};
  DbgPrintEx(0, 0, "order %c\n", order);
  if (first == 0 || second == 0) {
    result = (struct sluice_result){SLUICE_REFUSED, first == 0 ? 1 : 2};
  } else if (order == 'b') {
    KeBugCheckEx(0x50, 1, 2, 3, 4);
  } else if (order == 'u') {
    result.code = first[3];
  } else if (order == 'o') {
    first[10] = 0;
  } else if (order == 'f') {
    ExFreePoolWithTag(first, TAG);
    ExFreePoolWithTag(first, TAG);
  } else if (order == 'm') {
    void* large = ExAllocatePool2(UNINITIALISED, 1 << 30, TAG);
    if (large != 0) ExFreePoolWithTag(large, TAG);
  }
  if (second != 0) ExFreePoolWithTag(second, TAG);
  if (order != 'l' && first != 0) ExFreePoolWithTag(first, TAG);
  return result;
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  (void)event;
  return (struct sluice_result){SLUICE_ACCEPTED, 0};
}

static void unload(void) {}

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {SLUICE_TARGET_VERSION, "kernel", load, evaluate, unload, 0};
  return &target;
}
