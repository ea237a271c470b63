#ifndef SLUICE_LINUX_MUTEX_H
#define SLUICE_LINUX_MUTEX_H

#include <linux/lockdep.h>

struct mutex {
  u64 opaque[4];
};
#define DEFINE_MUTEX(name) struct mutex name = {{0}}
#define mutex_init(lock) ((void)(*(lock) = (struct mutex){{0}}))
#define mutex_lock_nested(lock, subclass) mutex_lock(lock)

void mutex_lock(struct mutex* lock);
int __must_check mutex_lock_interruptible(struct mutex* lock);
int __must_check mutex_lock_killable(struct mutex* lock);
int mutex_trylock(struct mutex* lock);
void mutex_unlock(struct mutex* lock);
bool mutex_is_locked(struct mutex* lock);
void mutex_destroy(struct mutex* lock);

#endif
