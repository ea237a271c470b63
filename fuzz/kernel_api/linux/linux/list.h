#ifndef SLUICE_LINUX_LIST_H
#define SLUICE_LINUX_LIST_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/poison.h>

/* ---- list_head ------------------------------------------------------------------------------------------------- */

#define LIST_HEAD_INIT(name) {&(name), &(name)}
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head* list) { list->next = list->prev = list; }

static inline void __list_add(struct list_head* entry, struct list_head* prev, struct list_head* next) {
  next->prev = entry;
  entry->next = next;
  entry->prev = prev;
  prev->next = entry;
}
static inline void list_add(struct list_head* entry, struct list_head* head) { __list_add(entry, head, head->next); }
static inline void list_add_tail(struct list_head* entry, struct list_head* head) {
  __list_add(entry, head->prev, head);
}

static inline void __list_del_entry(struct list_head* entry) {
  entry->next->prev = entry->prev;
  entry->prev->next = entry->next;
}
static inline void list_del(struct list_head* entry) {
  __list_del_entry(entry);
  entry->next = LIST_POISON1;
  entry->prev = LIST_POISON2;
}
static inline void list_del_init(struct list_head* entry) {
  __list_del_entry(entry);
  INIT_LIST_HEAD(entry);
}
static inline void list_replace(struct list_head* old, struct list_head* entry) {
  entry->next = old->next;
  entry->next->prev = entry;
  entry->prev = old->prev;
  entry->prev->next = entry;
}
static inline void list_move(struct list_head* entry, struct list_head* head) {
  __list_del_entry(entry);
  list_add(entry, head);
}
static inline void list_move_tail(struct list_head* entry, struct list_head* head) {
  __list_del_entry(entry);
  list_add_tail(entry, head);
}

static inline int list_empty(const struct list_head* head) { return head->next == head; }
static inline int list_is_last(const struct list_head* entry, const struct list_head* head) {
  return entry->next == head;
}
static inline int list_is_singular(const struct list_head* head) {
  return !list_empty(head) && head->next == head->prev;
}

static inline void list_splice(const struct list_head* list, struct list_head* head) {
  if (list_empty(list)) return;
  list->next->prev = head;
  list->prev->next = head->next;
  head->next->prev = list->prev;
  head->next = list->next;
}
static inline void list_splice_tail(const struct list_head* list, struct list_head* head) {
  list_splice(list, head->prev);
}
static inline void list_splice_init(struct list_head* list, struct list_head* head) {
  list_splice(list, head);
  INIT_LIST_HEAD(list);
}
static inline void list_splice_tail_init(struct list_head* list, struct list_head* head) {
  list_splice(list, head->prev);
  INIT_LIST_HEAD(list);
}

#define list_entry(pointer, type, member) container_of(pointer, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_last_entry(head, type, member) list_entry((head)->prev, type, member)
#define list_first_entry_or_null(head, type, member) (list_empty(head) ? NULL : list_first_entry(head, type, member))
#define list_next_entry(at, member) list_entry((at)->member.next, __typeof__(*(at)), member)
#define list_prev_entry(at, member) list_entry((at)->member.prev, __typeof__(*(at)), member)
#define list_entry_is_head(at, head, member) (&(at)->member == (head))

#define list_for_each(at, head) for (at = (head)->next; at != (head); at = at->next)
#define list_for_each_safe(at, after, head) \
  for (at = (head)->next, after = at->next; at != (head); at = after, after = at->next)
#define list_for_each_entry(at, head, member)                                                       \
  for (at = list_first_entry(head, __typeof__(*at), member); !list_entry_is_head(at, head, member); \
       at = list_next_entry(at, member))
#define list_for_each_entry_reverse(at, head, member)                                              \
  for (at = list_last_entry(head, __typeof__(*at), member); !list_entry_is_head(at, head, member); \
       at = list_prev_entry(at, member))
#define list_for_each_entry_continue(at, head, member) \
  for (at = list_next_entry(at, member); !list_entry_is_head(at, head, member); at = list_next_entry(at, member))
#define list_for_each_entry_safe(at, after, head, member)                                         \
  for (at = list_first_entry(head, __typeof__(*at), member), after = list_next_entry(at, member); \
       !list_entry_is_head(at, head, member); at = after, after = list_next_entry(after, member))

/* ---- hlist_head ------------------------------------------------------------------------------------------------ */

#define HLIST_HEAD_INIT {.first = NULL}
#define HLIST_HEAD(name) struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(head) ((head)->first = NULL)

static inline void INIT_HLIST_NODE(struct hlist_node* node) {
  node->next = NULL;
  node->pprev = NULL;
}
static inline int hlist_empty(const struct hlist_head* head) { return head->first == NULL; }
static inline int hlist_unhashed(const struct hlist_node* node) { return node->pprev == NULL; }
static inline void hlist_add_head(struct hlist_node* node, struct hlist_head* head) {
  node->next = head->first;
  if (head->first != NULL) head->first->pprev = &node->next;
  head->first = node;
  node->pprev = &head->first;
}
static inline void hlist_del(struct hlist_node* node) {
  *node->pprev = node->next;
  if (node->next != NULL) node->next->pprev = node->pprev;
  node->next = LIST_POISON1;
  node->pprev = LIST_POISON2;
}

#define hlist_entry(pointer, type, member) container_of(pointer, type, member)
#define hlist_entry_safe(pointer, type, member)                    \
  ({                                                               \
    __typeof__(pointer) hlist_at = (pointer);                      \
    hlist_at != NULL ? hlist_entry(hlist_at, type, member) : NULL; \
  })
#define hlist_for_each_entry(at, head, member)                                      \
  for (at = hlist_entry_safe((head)->first, __typeof__(*(at)), member); at != NULL; \
       at = hlist_entry_safe((at)->member.next, __typeof__(*(at)), member))
#define hlist_for_each_entry_safe(at, after, head, member)                                                          \
  for (at = hlist_entry_safe((head)->first, __typeof__(*(at)), member); at != NULL && (after = at->member.next, 1); \
       at = hlist_entry_safe(after, __typeof__(*(at)), member))

#endif
