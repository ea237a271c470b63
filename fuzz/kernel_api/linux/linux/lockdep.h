#ifndef SLUICE_LINUX_LOCKDEP_H
#define SLUICE_LINUX_LOCKDEP_H

#include <linux/bug.h>

bool __lock_is_held(const void* lock);

#define lockdep_assert_held(lock) WARN_ON(!__lock_is_held(lock))
#define lockdep_assert_held_write lockdep_assert_held
#define lockdep_assert_held_read lockdep_assert_held
#define lockdep_is_held(lock) __lock_is_held(lock)

#endif
