#ifndef SLUICE_LINUX_RWSEM_H
#define SLUICE_LINUX_RWSEM_H

#include <linux/lockdep.h>

struct rw_semaphore {
  u64 opaque[5];
};
#define DECLARE_RWSEM(name) struct rw_semaphore name = {{0}}
#define init_rwsem(lock) ((void)(*(lock) = (struct rw_semaphore){{0}}))

void down_read(struct rw_semaphore* lock);
int down_read_trylock(struct rw_semaphore* lock);
void up_read(struct rw_semaphore* lock);
void down_write(struct rw_semaphore* lock);
int down_write_trylock(struct rw_semaphore* lock);
void up_write(struct rw_semaphore* lock);

#endif
