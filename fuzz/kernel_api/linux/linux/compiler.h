/* What the kernel says to the compiler, and to tools that a replica is not seen by. */
#ifndef SLUICE_LINUX_COMPILER_H
#define SLUICE_LINUX_COMPILER_H

#include <linux/types.h>

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

#define __user
#define __kernel
#define __iomem
#define __rcu
#define __percpu
#define __force
#define __bitwise
#define __must_hold(lock)
#define __acquires(lock)
#define __releases(lock)
#define __init
#define __exit
#define __initdata
#define __initconst
#define __exitdata
#define __read_mostly
#define __ro_after_init
#define __ref
#define __visible
#define asmlinkage
#define __counted_by(member)

#define __packed __attribute__((__packed__))
#define __aligned(bytes) __attribute__((__aligned__(bytes)))
#define __must_check __attribute__((__warn_unused_result__))
#define __maybe_unused __attribute__((__unused__))
#define __always_unused __attribute__((__unused__))
#define __always_inline inline __attribute__((__always_inline__))
#define __used __attribute__((__used__))
#define __weak __attribute__((__weak__))
#define __pure __attribute__((__pure__))
#define __attribute_const__ __attribute__((__const__))
#define __cold __attribute__((__cold__))
#define __printf(format, first) __attribute__((__format__(printf, format, first)))
#define __malloc __attribute__((__malloc__))
#define __noreturn __attribute__((__noreturn__))
#define noinline __attribute__((__noinline__))
#define fallthrough __attribute__((__fallthrough__))
#define typeof __typeof__

#define barrier() __asm__ volatile("" ::: "memory")
#define READ_ONCE(place) (*(const volatile __typeof__(place)*)&(place))
#define WRITE_ONCE(place, value) ((void)(*(volatile __typeof__(place)*)&(place) = (value)))
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_load_acquire(place) __atomic_load_n((place), __ATOMIC_ACQUIRE)
#define smp_store_release(place, value) __atomic_store_n((place), (value), __ATOMIC_RELEASE)

#endif
