#ifndef SLUICE_LINUX_ATOMIC_H
#define SLUICE_LINUX_ATOMIC_H

#include <linux/compiler.h>

typedef struct {
  s64 counter;
} atomic64_t;

#define ATOMIC_INIT(value) {(value)}
#define ATOMIC64_INIT ATOMIC_INIT
#define atomic_read(at) __atomic_load_n(&(at)->counter, __ATOMIC_RELAXED)
#define atomic_set(at, value) __atomic_store_n(&(at)->counter, (value), __ATOMIC_RELAXED)
#define atomic_add_return(value, at) __atomic_add_fetch(&(at)->counter, (value), __ATOMIC_SEQ_CST)
#define atomic_sub_return(value, at) __atomic_sub_fetch(&(at)->counter, (value), __ATOMIC_SEQ_CST)
#define atomic_add(value, at) ((void)atomic_add_return(value, at))
#define atomic_sub(value, at) ((void)atomic_sub_return(value, at))
#define atomic_inc(at) atomic_add(1, at)
#define atomic_dec(at) atomic_sub(1, at)
#define atomic_inc_return(at) atomic_add_return(1, at)
#define atomic_dec_return(at) atomic_sub_return(1, at)
#define atomic_dec_and_test(at) (atomic_dec_return(at) == 0)
#define atomic_xchg(at, value) __atomic_exchange_n(&(at)->counter, (value), __ATOMIC_SEQ_CST)
#define atomic_cmpxchg(at, old, value) __sync_val_compare_and_swap(&(at)->counter, (old), (value))
#define atomic64_read atomic_read
#define atomic64_set atomic_set
#define atomic64_add atomic_add
#define atomic64_inc atomic_inc
#define atomic64_dec atomic_dec
#define atomic64_inc_return atomic_inc_return
#define cmpxchg(at, old, value) __sync_val_compare_and_swap((at), (old), (value))
#define xchg(at, value) __atomic_exchange_n((at), (value), __ATOMIC_SEQ_CST)

#endif
