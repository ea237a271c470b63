#include <stdio.h>
#include <stdlib.h>

#include "fuzz/kernel_api/internal.h"

enum { TEXT_SIZE = 512 };

static sluice_fault_callback* on_fault;
static struct sluice_allocation last_subject;

void sluice_kernel_on_fault(sluice_fault_callback* callback) { on_fault = callback; }

const struct sluice_allocation* sluice_kernel_subject(void) {
  return last_subject.address != NULL ? &last_subject : NULL;
}

static void report(const char* kind, const char* format, va_list arguments) {
  char text[TEXT_SIZE];
  vsnprintf(text, sizeof text, format, arguments);
  if (on_fault == NULL) {
    fprintf(stderr, "%s: %s\n", kind, text);
    abort();
  }
  on_fault(kind, text);
}

void kapi_fault(const struct sluice_allocation* subject, const char* kind, const char* format, ...) {
  last_subject = subject != NULL ? *subject : (struct sluice_allocation){0};
  va_list arguments;
  va_start(arguments, format);
  report(kind, format, arguments);
  va_end(arguments);
}

void kapi_bugcheck(const char* format, ...) {
  last_subject = (struct sluice_allocation){0};
  va_list arguments;
  va_start(arguments, format);
  report("bugcheck", format, arguments);
  va_end(arguments);
  abort();
}
