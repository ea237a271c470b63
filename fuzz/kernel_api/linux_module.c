/* What a compiled module imports where a driver's source calls something else: functions behind the kernel's macros and
 * inline functions, and variables that these read. Sizes and flags are those of Linux 6.1 for x86-64.
 *
 * A name that the C library has as well begins with __kernel_ here; modules find it without (see StandIns in
 * fuzz/worker/image.cc). */
#include "fuzz/kernel_api/internal.h"
#include "fuzz/kernel_api/linux_visible.h"

#include <linux/list.h>

#pragma GCC visibility push(default)

#define HERE __builtin_frame_address(0)

/* ---- Variables: a module gets a copy ------------------------------------------------------------------------------
 */

enum { MOST_CPUS = 8192 };

unsigned long jiffies = 0xFFFEDB08; /* as at boot: it wraps after five minutes */
void* kmalloc_caches[4][14];        /* which one does not matter, see kmalloc_trace() */
void* system_wq;
void* system_highpri_wq;
void* system_long_wq;
void* system_unbound_wq;
void* system_freezable_wq;
void* system_power_efficient_wq;
unsigned int nr_cpu_ids = 1;
unsigned long __cpu_online_mask[MOST_CPUS / 64] = {1};
unsigned long __cpu_possible_mask[MOST_CPUS / 64] = {1};
unsigned long __cpu_present_mask[MOST_CPUS / 64] = {1};

/* include/linux/ctype.h: upper, lower, digit, control, punctuation, white space, hexadecimal, the space itself. */
enum { U = 1, L = 2, D = 4, C = 8, P = 0x10, S = 0x20, X = 0x40, SP = 0x80 };
const unsigned char _ctype[256] = {
    [0 ... 8] = C,     [9 ... 13] = C | S, [14 ... 31] = C,       [' '] = S | SP,
    ['!' ... '/'] = P, ['0' ... '9'] = D,  [':' ... '@'] = P,     ['A' ... 'F'] = U | X,
    ['G' ... 'Z'] = U, ['[' ... '`'] = P,  ['a' ... 'f'] = L | X, ['g' ... 'z'] = L,
    ['{' ... '~'] = P, [127] = C,          [160] = S | SP,        [161 ... 191] = P,
    [192 ... 214] = U, [215] = P,          [216 ... 222] = U,     [223 ... 246] = L,
    [247] = P,         [248 ... 255] = L,
};

/* ---- Memory --------------------------------------------------------------------------------------------------------
 */

void* __kmalloc(size_t size, gfp_t flags) { return kapi_kmalloc("kmalloc", size, flags, HERE); }
void* __kmalloc_node(size_t size, gfp_t flags, int node) {
  (void)node;
  return kapi_kmalloc("kmalloc_node", size, flags, HERE);
}
void* kmalloc_trace(struct kmem_cache* cache, gfp_t flags, size_t size) {
  (void)cache; /* of a size at least as large: an allocation ends where what was asked for does */
  return kapi_kmalloc("kmalloc", size, flags, HERE);
}
void* kmalloc_node_trace(struct kmem_cache* cache, gfp_t flags, int node, size_t size) {
  (void)cache;
  (void)node;
  return kapi_kmalloc("kmalloc_node", size, flags, HERE);
}
void* kmalloc_large(size_t size, gfp_t flags) { return kapi_kmalloc("kmalloc", size, flags, HERE); }
void* kvmalloc_node(size_t size, gfp_t flags, int node) {
  (void)node;
  return kvmalloc(size, flags);
}
void* __vmalloc(unsigned long size, gfp_t flags) { return (flags & __GFP_ZERO) != 0 ? vzalloc(size) : vmalloc(size); }
void __check_object_size(const void* memory, unsigned long size, bool to_user) {
  (void)memory;
  (void)size;
  (void)to_user;
}

/* ---- Locks ---------------------------------------------------------------------------------------------------------
 */

void __mutex_init(struct mutex* lock, const char* name, void* key) {
  (void)name;
  (void)key;
  *lock = (struct mutex){{0}};
}

void _raw_spin_lock(spinlock_t* lock) { spin_lock(lock); }
void _raw_spin_lock_bh(spinlock_t* lock) { spin_lock(lock); }
void _raw_spin_lock_irq(spinlock_t* lock) { spin_lock(lock); }
unsigned long _raw_spin_lock_irqsave(spinlock_t* lock) {
  spin_lock(lock);
  return 0;
}
int _raw_spin_trylock(spinlock_t* lock) { return spin_trylock(lock); }
void _raw_spin_unlock(spinlock_t* lock) { spin_unlock(lock); }
void _raw_spin_unlock_bh(spinlock_t* lock) { spin_unlock(lock); }
void _raw_spin_unlock_irq(spinlock_t* lock) { spin_unlock(lock); }
void _raw_spin_unlock_irqrestore(spinlock_t* lock, unsigned long flags) {
  (void)flags;
  spin_unlock(lock);
}
void _raw_read_lock(rwlock_t* lock) { read_lock(lock); }
void _raw_read_lock_bh(rwlock_t* lock) { read_lock(lock); }
void _raw_read_unlock(rwlock_t* lock) { read_unlock(lock); }
void _raw_read_unlock_bh(rwlock_t* lock) { read_unlock(lock); }
void _raw_write_lock(rwlock_t* lock) { write_lock(lock); }
void _raw_write_lock_bh(rwlock_t* lock) { write_lock(lock); }
void _raw_write_unlock(rwlock_t* lock) { write_unlock(lock); }
void _raw_write_unlock_bh(rwlock_t* lock) { write_unlock(lock); }

void __rcu_read_lock(void) { rcu_read_lock(); }
void __rcu_read_unlock(void) { rcu_read_unlock(); }

/* might_sleep() and cond_resched(), as static calls. */
int __SCT__might_resched(void) {
  kapi_might_sleep("might_sleep");
  return 0;
}
int __SCT__cond_resched(void) {
  kapi_might_sleep("cond_resched");
  return 0;
}
void msleep(unsigned int milliseconds) {
  (void)milliseconds;
  kapi_might_sleep("msleep");
}

/* The lock of the network's configuration. */
static struct mutex rtnl;
void rtnl_lock(void) { mutex_lock(&rtnl); }
int rtnl_trylock(void) { return mutex_trylock(&rtnl); }
void rtnl_unlock(void) { mutex_unlock(&rtnl); }
int rtnl_is_locked(void) { return mutex_is_locked(&rtnl); }

/* ---- Lists: CONFIG_DEBUG_LIST with CONFIG_BUG_ON_DATA_CORRUPTION ---------------------------------------------------
 */

bool __list_add_valid(const struct list_head* entry, const struct list_head* before, const struct list_head* next) {
  if (before == NULL || next == NULL) kapi_bugcheck("list_add corruption: beside an entry that is null");
  if (next->prev != before || before->next != next) kapi_bugcheck("list_add corruption: between entries that are not");
  if (entry == before || entry == next) kapi_bugcheck("list_add corruption: the entry is in the list already");
  return true;
}

bool __list_del_entry_valid(const struct list_head* entry) {
  if (entry->next == NULL || entry->prev == NULL) kapi_bugcheck("list_del corruption: the entry is in no list");
  if (entry->next == LIST_POISON1 || entry->prev == LIST_POISON2) {
    kapi_bugcheck("list_del corruption: the entry was deleted before");
  }
  if (entry->prev->next != entry || entry->next->prev != entry) {
    kapi_bugcheck("list_del corruption: its neighbours do not know the entry");
  }
  return true;
}

/* ---- Work: it waits until somebody flushes it -----------------------------------------------------------------------
 */

struct work_struct {
  long data;
  struct list_head entry;
  void (*function)(struct work_struct* work);
};

enum { MOST_WORK = 64 };
static struct work_struct* queued_work[MOST_WORK];
static size_t num_queued;

static size_t place_of(const struct work_struct* work) {
  size_t at = 0;
  while (at < num_queued && queued_work[at] != work) ++at;
  return at;
}

static bool remove_work(const struct work_struct* work) {
  const size_t at = place_of(work);
  if (at == num_queued) return false;
  memmove(&queued_work[at], &queued_work[at + 1], (--num_queued - at) * sizeof queued_work[0]);
  return true;
}

bool queue_work_on(int cpu, void* queue, struct work_struct* work) {
  (void)cpu;
  (void)queue;
  if (place_of(work) < num_queued) return false;
  if (num_queued == MOST_WORK) kapi_bugcheck("queue_work: %d wait, and nobody flushes", MOST_WORK);
  queued_work[num_queued++] = work;
  return true;
}

bool flush_work(struct work_struct* work) {
  kapi_might_sleep("flush_work");
  const bool was_queued = remove_work(work);
  if (was_queued) work->function(work);
  return was_queued;
}

/* Of one queue or of all, which is the same here. Work that is queued meanwhile waits for the next time. */
void __flush_workqueue(void* queue) {
  (void)queue;
  kapi_might_sleep("flush_workqueue");
  for (size_t left = num_queued; left > 0 && num_queued > 0; --left) {
    struct work_struct* work = queued_work[0];
    remove_work(work);
    work->function(work);
  }
}

bool cancel_work_sync(struct work_struct* work) { return remove_work(work); }

/* A run that was left by a jump has nothing waiting. */
#pragma GCC visibility push(hidden)
void kapi_forget_work(void) { num_queued = 0; }
#pragma GCC visibility pop

/* ---- Time does not pass --------------------------------------------------------------------------------------------
 */

enum { TICKS_A_SECOND = 250 };
unsigned long __msecs_to_jiffies(unsigned int milliseconds) {
  const unsigned long tick = 1000 / TICKS_A_SECOND;
  return milliseconds > INT_MAX ? LONG_MAX / 2 - 1 : (milliseconds + tick - 1) / tick;
}
unsigned int jiffies_to_msecs(unsigned long ticks) { return (unsigned int)ticks * (1000 / TICKS_A_SECOND); }
void __const_udelay(unsigned long loops) { (void)loops; }
void __udelay(unsigned long microseconds) { (void)microseconds; }

/* ---- Faults and the log --------------------------------------------------------------------------------------------
 */

void __kernel___stack_chk_fail(void) { kapi_bugcheck("stack-protector: the kernel's stack is corrupted"); }
void fortify_panic(const char* name) { kapi_bugcheck("buffer overflow detected in %s", name); }

void __warn_printk(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  kapi_log(KAPI_LINUX, format[0] == KERN_SOH[0] && format[1] != '\0' ? format + 2 : format, arguments);
  va_end(arguments);
}

enum { REFCOUNT_SATURATED = INT_MIN / 2 };
void refcount_warn_saturate(int* count, unsigned int how) {
  static const char* const kWhat[] = {"add: count left its range", "add: counted too far", "add: use after free",
                                      "sub: underflow", "dec: the last reference"};
  *count = REFCOUNT_SATURATED;
  kapi_log_text("refcount_t: %s\n", how < sizeof kWhat / sizeof kWhat[0] ? kWhat[how] : "unknown");
}

/* Off, until somebody writes to the control file. */
void __dynamic_pr_debug(void* descriptor, const char* format, ...) {
  (void)descriptor;
  (void)format;
}
int ___ratelimit(void* state, const char* function) {
  (void)state;
  (void)function;
  return 1;
}
int net_ratelimit(void) { return 1; }

/* ---- Text and bits -------------------------------------------------------------------------------------------------
 */

int __kernel_sprintf(char* to, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = (int)kapi_format(to, INT_MAX, KAPI_LINUX, format, arguments);
  va_end(arguments);
  return length;
}

unsigned long gcd(unsigned long a, unsigned long b) {
  while (b != 0) {
    const unsigned long rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

static unsigned long next_bit(const unsigned long* bits, unsigned long size, unsigned long at, unsigned long flip) {
  while (at < size) {
    const unsigned long word = (bits[at / 64] ^ flip) >> at % 64;
    if (word != 0) {
      at += (unsigned long)__builtin_ctzl(word);
      return at < size ? at : size;
    }
    at = (at / 64 + 1) * 64;
  }
  return size;
}
unsigned long _find_first_bit(const unsigned long* bits, unsigned long size) { return next_bit(bits, size, 0, 0); }
unsigned long _find_next_bit(const unsigned long* bits, unsigned long size, unsigned long from) {
  return next_bit(bits, size, from, 0);
}
unsigned long _find_first_zero_bit(const unsigned long* bits, unsigned long size) {
  return next_bit(bits, size, 0, ~0ul);
}
unsigned long _find_next_zero_bit(const unsigned long* bits, unsigned long size, unsigned long from) {
  return next_bit(bits, size, from, ~0ul);
}
