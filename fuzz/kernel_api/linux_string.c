#include <linux/ctype.h>

#include "fuzz/kernel_api/internal.h"
#include "fuzz/kernel_api/linux_visible.h"

ssize_t strscpy(char* to, const char* from, size_t size) {
  if (size == 0) return -E2BIG;
  size_t length = 0;
  for (; length + 1 < size && from[length] != '\0'; ++length) to[length] = from[length];
  to[length] = '\0';
  return from[length] == '\0' ? (ssize_t)length : -E2BIG;
}

size_t strlcpy(char* to, const char* from, size_t size) {
  if (size != 0) strscpy(to, from, size);
  return strlen(from);
}

void* memchr_inv(const void* memory, int byte, size_t size) {
  const u8* bytes = memory;
  for (size_t i = 0; i < size; ++i) {
    if (bytes[i] != (u8)byte) return (void*)(bytes + i);
  }
  return NULL;
}

char* strim(char* text) {
  size_t length = strlen(text);
  while (length != 0 && isspace(text[length - 1])) --length;
  text[length] = '\0';
  while (isspace(*text)) ++text;
  return text;
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

static unsigned int digit(char character) {
  if (isdigit(character)) return (unsigned int)(character - '0');
  return isalpha(character) ? (unsigned int)(tolower(character) - 'a' + 10) : UINT_MAX;
}

int kstrtoull(const char* text, unsigned int base, unsigned long long* value) {
  if (*text == '+') ++text;
  const bool prefixed = text[0] == '0' && tolower(text[1]) == 'x' && isxdigit(text[2]);
  if (base == 0) base = prefixed ? 16 : text[0] == '0' ? 8 : 10;
  if (base == 16 && prefixed) text += 2;
  if (digit(*text) >= base) return -EINVAL;
  unsigned long long sum = 0;
  bool overflows = false;
  for (; digit(*text) < base; ++text) {
    overflows |= check_mul_overflow(sum, (unsigned long long)base, &sum);
    overflows |= check_add_overflow(sum, (unsigned long long)digit(*text), &sum);
  }
  if (*text == '\n') ++text;
  if (*text != '\0') return -EINVAL;
  if (overflows) return -ERANGE;
  *value = sum;
  return 0;
}

int kstrtoll(const char* text, unsigned int base, long long* value) {
  const bool negative = *text == '-';
  unsigned long long magnitude = 0;
  const int error = negative && text[1] == '+' ? -EINVAL : kstrtoull(text + negative, base, &magnitude);
  if (error != 0) return error;
  if (magnitude > (unsigned long long)LLONG_MAX + negative) return -ERANGE;
  *value = (long long)(negative ? 0 - magnitude : magnitude);
  return 0;
}

static int unsigned_below(const char* text, unsigned int base, unsigned long long most, unsigned long long* value) {
  const int error = kstrtoull(text, base, value);
  return error != 0 ? error : *value > most ? -ERANGE : 0;
}

int kstrtouint(const char* text, unsigned int base, unsigned int* value) {
  unsigned long long wide = 0;
  const int error = unsigned_below(text, base, UINT_MAX, &wide);
  if (error == 0) *value = (unsigned int)wide;
  return error;
}

int kstrtou16(const char* text, unsigned int base, u16* value) {
  unsigned long long wide = 0;
  const int error = unsigned_below(text, base, U16_MAX, &wide);
  if (error == 0) *value = (u16)wide;
  return error;
}

int kstrtou8(const char* text, unsigned int base, u8* value) {
  unsigned long long wide = 0;
  const int error = unsigned_below(text, base, U8_MAX, &wide);
  if (error == 0) *value = (u8)wide;
  return error;
}

int kstrtoint(const char* text, unsigned int base, int* value) {
  long long wide = 0;
  const int error = kstrtoll(text, base, &wide);
  if (error != 0) return error;
  if (wide < INT_MIN || wide > INT_MAX) return -ERANGE;
  *value = (int)wide;
  return 0;
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

static void swap_bytes(void* a, void* b, int size) {
  for (u8 *left = a, *right = b; size > 0; --size, ++left, ++right) swap(*left, *right);
}

/* As in the kernel, a heap sort: no recursion, no memory, not stable. */
void sort(void* base, size_t count, size_t size, int (*compare)(const void*, const void*),
          void (*swap_elements)(void*, void*, int size)) {
  u8* elements = base;
  if (swap_elements == NULL) swap_elements = swap_bytes;
  size_t parents = count / 2;
  size_t end = count;
  while (end > 1) {
    if (parents > 0) {
      --parents;
    } else {
      --end;
      swap_elements(elements, elements + end * size, (int)size);
    }
    for (size_t root = parents, child; (child = 2 * root + 1) < end; root = child) {
      if (child + 1 < end && compare(elements + child * size, elements + (child + 1) * size) < 0) ++child;
      if (compare(elements + root * size, elements + child * size) >= 0) break;
      swap_elements(elements + root * size, elements + child * size, (int)size);
    }
  }
}

u32 crc32_le(u32 crc, const unsigned char* bytes, size_t size) {
  for (; size != 0; --size) {
    crc ^= *bytes++;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
  }
  return crc;
}

u32 crc32_be(u32 crc, const unsigned char* bytes, size_t size) {
  for (; size != 0; --size) {
    crc ^= (u32)*bytes++ << 24;
    for (int bit = 0; bit < 8; ++bit) crc = crc << 1 ^ ((crc >> 31) != 0 ? 0x04C11DB7u : 0);
  }
  return crc;
}
