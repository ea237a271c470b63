/* Formatting as DbgPrint and printk understand it. The C library's does not do: to Windows a `long` has 32 bits, and
 * both kernels have conversions of their own. */
#include <stdio.h>
#include <string.h>

#include "fuzz/kernel_api/internal.h"

struct output {
  char* to;
  size_t size; /* of `to`, with the terminator */
  size_t used;
};

/* One conversion: the text between % and the letter, parsed. */
struct conversion {
  char flags[8];
  int width;
  int precision; /* -1: none */
  int bits;      /* of an integer argument */
  bool wide;     /* %ws, %ls, %wZ */
  char letter;
};

/* UNICODE_STRING and ANSI_STRING. */
struct counted_string {
  uint16_t length;
  uint16_t maximum;
  const void* buffer;
};

static void put(struct output* out, char character) {
  if (out->used + 1 < out->size) out->to[out->used] = character;
  ++out->used;
}

static void put_text(struct output* out, const char* text) {
  while (*text != '\0') put(out, *text++);
}

/* ---- Reading a conversion ---------------------------------------------------------------------------------------- */

static int number(const char** at) {
  int value = 0;
  while (**at >= '0' && **at <= '9' && value < 1000) value = 10 * value + (*(*at)++ - '0');
  return value;
}

static bool starts(const char** at, const char* prefix) {
  if (strncmp(*at, prefix, strlen(prefix)) != 0) return false;
  *at += strlen(prefix);
  return true;
}

static void read_length(const char** at, enum kapi_dialect dialect, struct conversion* spec) {
  const bool windows = dialect == KAPI_WINDOWS;
  if (starts(at, "hh")) {
    spec->bits = 8;
  } else if (starts(at, "h")) {
    spec->bits = 16;
  } else if (starts(at, "ll") || (windows && (starts(at, "I64") || starts(at, "I")))) {
    spec->bits = 64;
    if (windows && starts(at, "32")) spec->bits = 32;
  } else if (starts(at, "l")) {
    spec->bits = windows ? 32 : 64;
    spec->wide = true;
  } else if (windows && starts(at, "w")) {
    spec->wide = true;
  } else if (starts(at, "z") || starts(at, "t") || starts(at, "j")) {
    spec->bits = 64;
  }
}

/* `*` takes its number from the arguments; va_list goes by pointer, so that it moves on for the caller, too. */
static struct conversion read_conversion(const char** at, enum kapi_dialect dialect, va_list* arguments) {
  struct conversion spec = {.precision = -1, .bits = 32};
  size_t num_flags = 0;
  while (**at != '\0' && strchr("-+ #0", **at) != NULL) {
    if (num_flags + 1 < sizeof spec.flags) spec.flags[num_flags++] = **at;
    ++*at;
  }
  spec.width = starts(at, "*") ? va_arg(*arguments, int) : number(at);
  if (starts(at, ".")) spec.precision = starts(at, "*") ? va_arg(*arguments, int) : number(at);
  read_length(at, dialect, &spec);
  spec.letter = **at;
  if (spec.letter != '\0') ++*at;
  return spec;
}

/* ---- Writing what it says ---------------------------------------------------------------------------------------- */

static void put_number(struct output* out, const struct conversion* spec, unsigned long long value) {
  char format[24];
  char text[128];
  const bool is_signed = spec->letter == 'd' || spec->letter == 'i';
  if (spec->bits < 64) {
    const int unused = 64 - spec->bits;
    value = is_signed ? (unsigned long long)((long long)(value << unused) >> unused) : value << unused >> unused;
  }
  snprintf(format, sizeof format, "%%%s*.*ll%c", spec->flags, spec->letter);
  snprintf(text, sizeof text, format, spec->width, spec->precision, value);
  put_text(out, text);
}

static void put_string(struct output* out, const struct conversion* spec, const void* text, bool wide, size_t limit) {
  if (text == NULL) {
    put_text(out, "(null)");
    return;
  }
  size_t size = 0;
  while (size < limit && (wide ? ((const uint16_t*)text)[size] != 0 : ((const char*)text)[size] != '\0')) ++size;
  const bool left = strchr(spec->flags, '-') != NULL;
  const size_t padding = spec->width > 0 && (size_t)spec->width > size ? (size_t)spec->width - size : 0;
  for (size_t i = 0; !left && i < padding; ++i) put(out, ' ');
  for (size_t i = 0; i < size; ++i) {
    const uint16_t unit = wide ? ((const uint16_t*)text)[i] : ((const unsigned char*)text)[i];
    put(out, unit < 0x80 ? (char)unit : '?');
  }
  for (size_t i = 0; left && i < padding; ++i) put(out, ' ');
}

static void put_pointer(struct output* out, const char** at, enum kapi_dialect dialect, const void* pointer) {
  char text[24];
  snprintf(text, sizeof text, dialect == KAPI_WINDOWS ? "%016llX" : "%016llx", (unsigned long long)(uintptr_t)pointer);
  put_text(out, text);
  if (dialect != KAPI_LINUX) return;
  while ((**at >= 'a' && **at <= 'z') || (**at >= 'A' && **at <= 'Z') || (**at >= '0' && **at <= '9')) ++*at;
}

/* False for a conversion that is not known: what follows cannot be matched with the arguments any more. */
static bool put_conversion(struct output* out, const char** at, enum kapi_dialect dialect, va_list* arguments) {
  const struct conversion spec = read_conversion(at, dialect, arguments);
  const size_t limit = spec.precision >= 0 ? (size_t)spec.precision : SIZE_MAX;
  const bool windows = dialect == KAPI_WINDOWS;
  switch (spec.letter) {
    case '%': put(out, '%'); return true;
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
      put_number(out, &spec, spec.bits == 64 ? va_arg(*arguments, unsigned long long) : va_arg(*arguments, unsigned));
      return true;
    case 'c':
    case 'C': {
      const int character = va_arg(*arguments, int);
      put(out, character > 0 && character < 0x80 ? (char)character : '?');
      return true;
    }
    case 's': put_string(out, &spec, va_arg(*arguments, const void*), windows && spec.wide, limit); return true;
    case 'S':
      if (!windows) return false;
      put_string(out, &spec, va_arg(*arguments, const void*), spec.bits != 16, limit);
      return true;
    case 'Z': {
      if (!windows) return false;
      const struct counted_string* string = va_arg(*arguments, const struct counted_string*);
      const size_t unit = spec.wide ? 2 : 1;
      put_string(out, &spec, string != NULL ? string->buffer : NULL, spec.wide,
                 string != NULL ? string->length / unit : 0);
      return true;
    }
    case 'p': put_pointer(out, at, dialect, va_arg(*arguments, const void*)); return true;
    default: return false;
  }
}

size_t kapi_format(char* to, size_t size, enum kapi_dialect dialect, const char* format, va_list arguments) {
  struct output out = {.to = to, .size = size};
  va_list rest;
  va_copy(rest, arguments);
  for (const char* at = format; *at != '\0';) {
    if (*at != '%') {
      put(&out, *at++);
      continue;
    }
    const char* begin = at++;
    if (!put_conversion(&out, &at, dialect, &rest)) {
      put_text(&out, begin);
      break;
    }
  }
  va_end(rest);
  if (size != 0) to[out.used < size ? out.used : size - 1] = '\0';
  return out.used;
}
