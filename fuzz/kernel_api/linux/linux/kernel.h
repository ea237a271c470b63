#ifndef SLUICE_LINUX_KERNEL_H
#define SLUICE_LINUX_KERNEL_H

#include <asm/byteorder.h>
#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define lower_32_bits(n) ((u32)(n))
#define might_sleep() __might_sleep()
#define IS_ENABLED(option) 0
#define IS_BUILTIN(option) 0
#define __stringify_1(...) #__VA_ARGS__
#define __stringify(...) __stringify_1(__VA_ARGS__)

void __might_sleep(void);

__printf(3, 4) int __kernel_snprintf(char* to, size_t size, const char* format, ...);
int __kernel_vsnprintf(char* to, size_t size, const char* format, va_list arguments);
__printf(3, 4) int scnprintf(char* to, size_t size, const char* format, ...);
#define snprintf __kernel_snprintf
#define vsnprintf __kernel_vsnprintf

/* 0, -EINVAL or -ERANGE. Base 0: 0x is hexadecimal, 0 is octal. A newline may end the text. */
int __must_check kstrtoull(const char* text, unsigned int base, unsigned long long* value);
int __must_check kstrtoll(const char* text, unsigned int base, long long* value);
int __must_check kstrtouint(const char* text, unsigned int base, unsigned int* value);
int __must_check kstrtoint(const char* text, unsigned int base, int* value);
int __must_check kstrtou16(const char* text, unsigned int base, u16* value);
int __must_check kstrtou8(const char* text, unsigned int base, u8* value);
#define kstrtou32 kstrtouint
#define kstrtos32 kstrtoint
#define kstrtou64 kstrtoull
#define kstrtos64 kstrtoll

#endif
