#ifndef SLUICE_LINUX_RWLOCK_H
#define SLUICE_LINUX_RWLOCK_H

#include <linux/spinlock.h>

#endif
