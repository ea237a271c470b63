#include "fuzz/kernel_api/internal.h"
#include "fuzz/kernel_api/linux_visible.h"

bool __lock_is_held(const void* lock) { return kapi_is_locked(lock); }
void __might_sleep(void) { kapi_might_sleep("might_sleep"); }

/* ---- Locks that sleep -------------------------------------------------------------------------------------------- */

static void sleep_and_lock(const void* lock, enum kapi_lock_mode mode, const char* call) {
  kapi_might_sleep(call);
  kapi_lock(lock, mode, call);
}

void mutex_lock(struct mutex* lock) { sleep_and_lock(lock, KAPI_EXCLUSIVE, "mutex_lock"); }
int mutex_lock_interruptible(struct mutex* lock) {
  sleep_and_lock(lock, KAPI_EXCLUSIVE, "mutex_lock_interruptible");
  return 0;
}
int mutex_lock_killable(struct mutex* lock) {
  sleep_and_lock(lock, KAPI_EXCLUSIVE, "mutex_lock_killable");
  return 0;
}
int mutex_trylock(struct mutex* lock) { return kapi_try_lock(lock, KAPI_EXCLUSIVE, "mutex_trylock"); }
void mutex_unlock(struct mutex* lock) { kapi_unlock(lock, KAPI_EXCLUSIVE, "mutex_unlock"); }
bool mutex_is_locked(struct mutex* lock) { return kapi_is_locked(lock); }
void mutex_destroy(struct mutex* lock) {
  if (kapi_is_locked(lock)) kapi_fault(NULL, "bugcheck", "mutex_destroy of a mutex that is held");
}

void down_read(struct rw_semaphore* lock) { sleep_and_lock(lock, KAPI_SHARED, "down_read"); }
int down_read_trylock(struct rw_semaphore* lock) { return kapi_try_lock(lock, KAPI_SHARED, "down_read_trylock"); }
void up_read(struct rw_semaphore* lock) { kapi_unlock(lock, KAPI_SHARED, "up_read"); }
void down_write(struct rw_semaphore* lock) { sleep_and_lock(lock, KAPI_EXCLUSIVE, "down_write"); }
int down_write_trylock(struct rw_semaphore* lock) { return kapi_try_lock(lock, KAPI_EXCLUSIVE, "down_write_trylock"); }
void up_write(struct rw_semaphore* lock) { kapi_unlock(lock, KAPI_EXCLUSIVE, "up_write"); }

/* ---- Locks that spin: whoever holds one must not sleep -------------------------------------------------------------
 */

static void spin(const void* lock, enum kapi_lock_mode mode, const char* call) {
  kapi_lock(lock, mode, call);
  kapi_atomic_enter();
}

static void end_spin(const void* lock, enum kapi_lock_mode mode, const char* call) {
  kapi_unlock(lock, mode, call);
  kapi_atomic_leave(call);
}

void spin_lock(spinlock_t* lock) { spin(lock, KAPI_EXCLUSIVE, "spin_lock"); }
int spin_trylock(spinlock_t* lock) {
  if (!kapi_try_lock(lock, KAPI_EXCLUSIVE, "spin_trylock")) return 0;
  kapi_atomic_enter();
  return 1;
}
void spin_unlock(spinlock_t* lock) { end_spin(lock, KAPI_EXCLUSIVE, "spin_unlock"); }
void read_lock(rwlock_t* lock) { spin(lock, KAPI_SHARED, "read_lock"); }
void read_unlock(rwlock_t* lock) { end_spin(lock, KAPI_SHARED, "read_unlock"); }
void write_lock(rwlock_t* lock) { spin(lock, KAPI_EXCLUSIVE, "write_lock"); }
void write_unlock(rwlock_t* lock) { end_spin(lock, KAPI_EXCLUSIVE, "write_unlock"); }

/* ---- RCU --------------------------------------------------------------------------------------------------------- */

enum { MAX_WAITING = 256 };

struct waiting {
  struct rcu_head* head; /* null: `memory` is to be freed */
  void (*function)(struct rcu_head* head);
  void* memory;
};

static struct waiting waiting[MAX_WAITING];
static size_t num_waiting;
static unsigned num_readers;

static void finish(const struct waiting* item) {
  if (item->head != NULL) {
    item->function(item->head);
  } else {
    kvfree(item->memory);
  }
}

static void after_grace_period(struct waiting item, const char* call) {
  if (num_readers == 0) {
    finish(&item);
    return;
  }
  if (num_waiting == MAX_WAITING) kapi_bugcheck("%s: %d callbacks wait for one reader", call, MAX_WAITING);
  waiting[num_waiting++] = item;
}

void rcu_read_lock(void) {
  ++num_readers;
  kapi_atomic_enter();
}

void rcu_read_unlock(void) {
  kapi_atomic_leave("rcu_read_unlock");
  if (num_readers == 0 || --num_readers != 0) return;
  const size_t count = num_waiting;
  num_waiting = 0;
  for (size_t i = 0; i < count; ++i) finish(&waiting[i]);
}

void synchronize_rcu(void) { kapi_might_sleep("synchronize_rcu"); }

void call_rcu(struct rcu_head* head, void (*function)(struct rcu_head* head)) {
  after_grace_period((struct waiting){.head = head, .function = function}, "call_rcu");
}

void kvfree_call_rcu(struct rcu_head* head, void* memory) {
  (void)head;
  after_grace_period((struct waiting){.memory = memory}, "kfree_rcu");
}

/* A run that was left by a jump leaves no reader behind; what it had waiting is outstanding. */
void kapi_forget_readers(void) {
  num_readers = 0;
  num_waiting = 0;
}
