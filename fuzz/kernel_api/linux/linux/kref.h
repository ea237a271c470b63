#ifndef SLUICE_LINUX_KREF_H
#define SLUICE_LINUX_KREF_H

#include <linux/refcount.h>

struct kref {
  refcount_t refcount;
};

static inline void kref_init(struct kref* at) { refcount_set(&at->refcount, 1); }
static inline void kref_get(struct kref* at) { refcount_inc(&at->refcount); }
static inline int kref_put(struct kref* at, void (*release)(struct kref* at)) {
  if (!refcount_dec_and_test(&at->refcount)) return 0;
  release(at);
  return 1;
}

#endif
