#include <stdio.h>
#include <string.h>

#include "fuzz/kernel_api/internal.h"

static char lines[SLUICE_KERNEL_LOG_LINES][SLUICE_KERNEL_LOG_WIDTH];
static size_t next_line; /* counts on; the ring holds the last SLUICE_KERNEL_LOG_LINES of them */
static bool open_line;   /* the last one has not ended: what is printed next goes on in it */

static char* line(size_t number) { return lines[number % SLUICE_KERNEL_LOG_LINES]; }

static void append(const char* text, size_t size) {
  if (!open_line) {
    line(next_line++)[0] = '\0';
    open_line = true;
  }
  char* to = line(next_line - 1);
  const size_t used = strlen(to);
  const size_t room = SLUICE_KERNEL_LOG_WIDTH - 1 - used;
  const size_t taken = size < room ? size : room;
  for (size_t i = 0; i < taken; ++i) to[used + i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
  to[used + taken] = '\0';
}

static void add(const char* text) {
  for (;;) {
    const size_t size = strcspn(text, "\n");
    if (size != 0 || text[size] == '\n') append(text, size);
    if (text[size] == '\0') return;
    open_line = false;
    text += size + 1;
  }
}

void kapi_log(enum kapi_dialect dialect, const char* format, va_list arguments) {
  char text[SLUICE_KERNEL_LOG_WIDTH];
  const size_t size = kapi_format(text, sizeof text, dialect, format, arguments);
  add(text);
  /* printk begins a line each time, DbgPrint goes on. What was cut has lost its end. */
  if (dialect == KAPI_LINUX || size >= sizeof text) open_line = false;
}

void kapi_log_text(const char* format, ...) {
  char text[SLUICE_KERNEL_LOG_WIDTH];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  add(text);
}

void kapi_forget_log(void) {
  next_line = 0;
  open_line = false;
}

size_t sluice_kernel_num_log_lines(void) {
  return next_line < SLUICE_KERNEL_LOG_LINES ? next_line : SLUICE_KERNEL_LOG_LINES;
}

const char* sluice_kernel_log_line(size_t index) { return line(next_line - sluice_kernel_num_log_lines() + index); }

void sluice_kernel_begin(void) {
  kapi_forget_locks();
  kapi_forget_log();
  sluice_kernel_fail_allocation(0);
}
