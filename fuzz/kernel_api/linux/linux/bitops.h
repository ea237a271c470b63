#ifndef SLUICE_LINUX_BITOPS_H
#define SLUICE_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

static inline bool test_bit(unsigned long n, const volatile unsigned long* words) {
  return (words[BIT_WORD(n)] & BIT_MASK(n)) != 0;
}
static inline void set_bit(unsigned long n, volatile unsigned long* words) { words[BIT_WORD(n)] |= BIT_MASK(n); }
static inline void clear_bit(unsigned long n, volatile unsigned long* words) { words[BIT_WORD(n)] &= ~BIT_MASK(n); }
#define __set_bit set_bit
#define __clear_bit clear_bit
static inline bool test_and_set_bit(unsigned long n, volatile unsigned long* words) {
  const bool was_set = test_bit(n, words);
  set_bit(n, words);
  return was_set;
}
static inline bool test_and_clear_bit(unsigned long n, volatile unsigned long* words) {
  const bool was_set = test_bit(n, words);
  clear_bit(n, words);
  return was_set;
}
#define __test_and_set_bit test_and_set_bit
#define __test_and_clear_bit test_and_clear_bit
static inline int fls(unsigned int n) { return n != 0 ? 32 - __builtin_clz(n) : 0; }
static inline int fls64(u64 n) { return n != 0 ? 64 - __builtin_clzll(n) : 0; }
static inline unsigned long __ffs(unsigned long n) { return (unsigned long)__builtin_ctzl(n); }
static inline int ffs(int n) { return __builtin_ffs(n); }
static inline unsigned int hweight8(unsigned int n) { return (unsigned int)__builtin_popcount(n & 0xff); }
static inline unsigned int hweight16(unsigned int n) { return (unsigned int)__builtin_popcount(n & 0xffff); }
static inline unsigned int hweight32(unsigned int n) { return (unsigned int)__builtin_popcount(n); }
static inline unsigned long hweight64(u64 n) { return (unsigned long)__builtin_popcountll(n); }
static inline u32 rol32(u32 n, unsigned int by) { return n << (by & 31) | n >> (-by & 31); }
static inline u32 ror32(u32 n, unsigned int by) { return n >> (by & 31) | n << (-by & 31); }

#endif
