#ifndef SLUICE_LINUX_STRING_H
#define SLUICE_LINUX_STRING_H

#include <linux/gfp.h>
#include <linux/types.h>

void* memcpy(void* to, const void* from, size_t size);
void* memmove(void* to, const void* from, size_t size);
void* memset(void* to, int byte, size_t size);
int memcmp(const void* a, const void* b, size_t size);
void* memchr(const void* memory, int byte, size_t size);
size_t strlen(const char* text);
size_t strnlen(const char* text, size_t size);
int strcmp(const char* a, const char* b);
int strncmp(const char* a, const char* b, size_t size);
int strcasecmp(const char* a, const char* b);
int strncasecmp(const char* a, const char* b, size_t size);
char* strcpy(char* to, const char* from);
char* strncpy(char* to, const char* from, size_t size);
char* strcat(char* to, const char* from);
char* strchr(const char* text, int character);
char* strrchr(const char* text, int character);
char* strstr(const char* text, const char* piece);
size_t strspn(const char* text, const char* accept);
size_t strcspn(const char* text, const char* reject);
char* strpbrk(const char* text, const char* accept);
char* strsep(char** rest, const char* delimiters);

/* The length, or -E2BIG where `from` was cut. */
ssize_t strscpy(char* to, const char* from, size_t size);
size_t strlcpy(char* to, const char* from, size_t size);
void* memchr_inv(const void* memory, int byte, size_t size);
char* strim(char* text);

char* kstrdup(const char* text, gfp_t flags);
char* kstrndup(const char* text, size_t limit, gfp_t flags);
void* kmemdup(const void* from, size_t size, gfp_t flags);
char* kmemdup_nul(const char* text, size_t size, gfp_t flags);
void* kvmemdup(const void* from, size_t size, gfp_t flags);

static inline void memzero_explicit(void* memory, size_t size) {
  memset(memory, 0, size);
  __asm__ volatile("" ::"r"(memory) : "memory");
}
static inline size_t str_has_prefix(const char* text, const char* prefix) {
  const size_t size = strlen(prefix);
  return strncmp(text, prefix, size) == 0 ? size : 0;
}
static inline bool strstarts(const char* text, const char* prefix) { return str_has_prefix(text, prefix) != 0; }

#endif
