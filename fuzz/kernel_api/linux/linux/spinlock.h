#ifndef SLUICE_LINUX_SPINLOCK_H
#define SLUICE_LINUX_SPINLOCK_H

#include <linux/lockdep.h>

/* ---- spinlock_t -------------------------------------------------------------------------------------------------- */

typedef struct spinlock {
  u32 opaque;
} spinlock_t, raw_spinlock_t;
#define __SPIN_LOCK_UNLOCKED(name) ((spinlock_t){0})
#define DEFINE_SPINLOCK(name) spinlock_t name = {0}
#define DEFINE_RAW_SPINLOCK DEFINE_SPINLOCK
#define spin_lock_init(lock) ((void)(*(lock) = (spinlock_t){0}))
#define raw_spin_lock_init spin_lock_init

void spin_lock(spinlock_t* lock);
int spin_trylock(spinlock_t* lock);
void spin_unlock(spinlock_t* lock);
#define spin_is_locked __lock_is_held
#define assert_spin_locked lockdep_assert_held
#define spin_lock_bh spin_lock
#define spin_unlock_bh spin_unlock
#define spin_lock_irq spin_lock
#define spin_unlock_irq spin_unlock
#define spin_lock_irqsave(lock, flags) ((void)((flags) = 0), spin_lock(lock))
#define spin_unlock_irqrestore(lock, flags) ((void)(flags), spin_unlock(lock))
#define raw_spin_lock spin_lock
#define raw_spin_unlock spin_unlock
#define raw_spin_lock_irqsave spin_lock_irqsave
#define raw_spin_unlock_irqrestore spin_unlock_irqrestore

/* ---- rwlock_t ---------------------------------------------------------------------------------------------------- */

typedef struct rwlock {
  u64 opaque;
} rwlock_t;
#define DEFINE_RWLOCK(name) rwlock_t name = {0}
#define rwlock_init(lock) ((void)(*(lock) = (rwlock_t){0}))

void read_lock(rwlock_t* lock);
void read_unlock(rwlock_t* lock);
void write_lock(rwlock_t* lock);
void write_unlock(rwlock_t* lock);
#define read_lock_bh read_lock
#define read_unlock_bh read_unlock
#define write_lock_bh write_lock
#define write_unlock_bh write_unlock
#define read_lock_irqsave(lock, flags) ((void)((flags) = 0), read_lock(lock))
#define read_unlock_irqrestore(lock, flags) ((void)(flags), read_unlock(lock))
#define write_lock_irqsave(lock, flags) ((void)((flags) = 0), write_lock(lock))
#define write_unlock_irqrestore(lock, flags) ((void)(flags), write_unlock(lock))

#endif
