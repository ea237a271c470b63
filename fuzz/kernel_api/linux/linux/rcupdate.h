/* A grace period ends when no section of readers is open: at once, or with the last rcu_read_unlock. */
#ifndef SLUICE_LINUX_RCUPDATE_H
#define SLUICE_LINUX_RCUPDATE_H

#include <linux/compiler.h>

void rcu_read_lock(void);
void rcu_read_unlock(void);
void synchronize_rcu(void);
void call_rcu(struct rcu_head* head, void (*function)(struct rcu_head* head));
void kvfree_call_rcu(struct rcu_head* head, void* memory);

#define rcu_barrier synchronize_rcu
#define kfree_rcu(memory, member) kvfree_call_rcu(&(memory)->member, (memory))
#define kvfree_rcu kfree_rcu
#define rcu_dereference(pointer) READ_ONCE(pointer)
#define rcu_dereference_protected(pointer, condition) (pointer)
#define rcu_dereference_check(pointer, condition) READ_ONCE(pointer)
#define rcu_dereference_raw(pointer) READ_ONCE(pointer)
#define rcu_access_pointer(pointer) READ_ONCE(pointer)
#define rcu_assign_pointer(pointer, value) smp_store_release(&(pointer), (value))
#define rcu_replace_pointer(pointer, value, condition) \
  ({                                                   \
    __typeof__(pointer) rcu_old = (pointer);           \
    rcu_assign_pointer(pointer, value);                \
    rcu_old;                                           \
  })
#define RCU_INIT_POINTER(pointer, value) WRITE_ONCE(pointer, value)

#endif
