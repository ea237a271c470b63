#ifndef SLUICE_LINUX_RCULIST_H
#define SLUICE_LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

#define list_add_rcu list_add
#define list_add_tail_rcu list_add_tail
#define list_replace_rcu list_replace
#define hlist_add_head_rcu hlist_add_head
#define list_for_each_entry_rcu(at, head, member, ...) list_for_each_entry(at, head, member)
#define hlist_for_each_entry_rcu(at, head, member, ...) hlist_for_each_entry(at, head, member)

/* A reader that stands on the entry can still go on. */
static inline void list_del_rcu(struct list_head* entry) {
  __list_del_entry(entry);
  entry->prev = LIST_POISON2;
}
static inline void hlist_del_rcu(struct hlist_node* node) {
  *node->pprev = node->next;
  if (node->next != NULL) node->next->pprev = node->pprev;
  node->pprev = LIST_POISON2;
}

#endif
