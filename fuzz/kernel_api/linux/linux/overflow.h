#ifndef SLUICE_LINUX_OVERFLOW_H
#define SLUICE_LINUX_OVERFLOW_H

#include <linux/compiler.h>
#include <linux/limits.h>

#define check_add_overflow(a, b, sum) __builtin_add_overflow((a), (b), (sum))
#define check_sub_overflow(a, b, difference) __builtin_sub_overflow((a), (b), (difference))
#define check_mul_overflow(a, b, product) __builtin_mul_overflow((a), (b), (product))

/* A size that overflows is one that no allocation serves. */
static inline size_t size_add(size_t a, size_t b) {
  size_t sum;
  return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}
static inline size_t size_mul(size_t a, size_t b) {
  size_t product;
  return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}
static inline size_t size_sub(size_t a, size_t b) {
  size_t difference;
  return a == SIZE_MAX || b == SIZE_MAX || __builtin_sub_overflow(a, b, &difference) ? SIZE_MAX : difference;
}
#define array_size size_mul
#define array3_size(a, b, c) size_mul(size_mul(a, b), c)
#define flex_array_size(pointer, member, count) size_mul(count, sizeof((pointer)->member[0]))
#define struct_size(pointer, member, count) size_add(sizeof(*(pointer)), flex_array_size(pointer, member, count))
#define struct_size_t(type, member, count) struct_size((type*)NULL, member, count)

#endif
