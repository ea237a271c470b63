/* Saturation is not modelled: a count that is taken from zero, or below it, is a BUG. */
#ifndef SLUICE_LINUX_REFCOUNT_H
#define SLUICE_LINUX_REFCOUNT_H

#include <linux/bug.h>

typedef struct refcount_struct {
  int count;
} refcount_t;
#define REFCOUNT_INIT(value) {(value)}

static inline void refcount_set(refcount_t* at, int value) { at->count = value; }
static inline unsigned int refcount_read(const refcount_t* at) { return (unsigned int)at->count; }
static inline void refcount_inc(refcount_t* at) {
  BUG_ON(at->count <= 0);
  ++at->count;
}
static inline bool refcount_inc_not_zero(refcount_t* at) { return at->count != 0 && (++at->count, true); }
static inline bool refcount_dec_and_test(refcount_t* at) {
  BUG_ON(at->count <= 0);
  return --at->count == 0;
}

#endif
