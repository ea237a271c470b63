#include "fuzz/kernel_api/internal.h"
#include "fuzz/kernel_api/linux_visible.h"

/* KERN_ERR and its like: a level before the text. KERN_CONT is not modelled, each message is a line. */
static const char* without_level(const char* format) {
  return format[0] == KERN_SOH[0] && format[1] != '\0' ? format + 2 : format;
}

int _printk(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  kapi_log(KAPI_LINUX, without_level(format), arguments);
  va_end(arguments);
  return 0;
}

void panic(const char* format, ...) {
  char text[SLUICE_KERNEL_LOG_WIDTH];
  va_list arguments;
  va_start(arguments, format);
  kapi_format(text, sizeof text, KAPI_LINUX, format, arguments);
  va_end(arguments);
  kapi_bugcheck("panic: %s", text);
}

void dump_stack(void) {}

void __bug_at(const char* what, const char* file, int line) { kapi_bugcheck("%s at %s:%d", what, file, line); }
void __warn_at(const char* what, const char* file, int line) { kapi_log_text("%s at %s:%d\n", what, file, line); }

/* ---- Formatting -------------------------------------------------------------------------------------------------- */

int __kernel_vsnprintf(char* to, size_t size, const char* format, va_list arguments) {
  return (int)kapi_format(to, size, KAPI_LINUX, format, arguments);
}

int __kernel_snprintf(char* to, size_t size, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = __kernel_vsnprintf(to, size, format, arguments);
  va_end(arguments);
  return length;
}

int scnprintf(char* to, size_t size, const char* format, ...) {
  if (size == 0) return 0;
  va_list arguments;
  va_start(arguments, format);
  const int length = __kernel_vsnprintf(to, size, format, arguments);
  va_end(arguments);
  return (size_t)length < size ? length : (int)size - 1;
}
