/* There is no user here: what comes from one is memory of the adapter. */
#ifndef SLUICE_LINUX_UACCESS_H
#define SLUICE_LINUX_UACCESS_H

#include <linux/err.h>
#include <linux/string.h>

static inline unsigned long copy_from_user(void* to, const void __user* from, unsigned long size) {
  memcpy(to, from, size);
  return 0;
}
static inline unsigned long copy_to_user(void __user* to, const void* from, unsigned long size) {
  memcpy(to, from, size);
  return 0;
}
static inline void* memdup_user(const void __user* from, size_t size) {
  void* copy = kmemdup(from, size, GFP_USER);
  return copy != NULL ? copy : ERR_PTR(-ENOMEM);
}
#define vmemdup_user(from, size) memdup_user(from, size)

#endif
