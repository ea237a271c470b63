/* Linux-style source, as it would be written for the kernel. Each function does one thing, most of them wrong. */
#define pr_fmt(fmt) "test: " fmt

#include <asm/unaligned.h>
#include <linux/bsearch.h>
#include <linux/crc32.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/firmware.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/rculist.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "driver_calls.h"

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rwlock);
static DECLARE_RWSEM(semaphore);

static int __init test_init(void) {
  pr_info("loaded\n");
  return 0;
}

static void __exit test_exit(void) {}

module_init(test_init);
module_exit(test_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("What a driver may call");

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

void* lx_kmalloc(size_t size) { return kmalloc(size, GFP_KERNEL); }

void* lx_kzalloc(size_t size) { return kzalloc(size, GFP_KERNEL); }

void* lx_nofail(size_t size) { return kmalloc(size, GFP_KERNEL | __GFP_NOFAIL); }

void lx_kfree(void* memory) { kfree(memory); }

void lx_write(unsigned char* memory, size_t at) { memory[at] = 0x77; }

int lx_memory(void) {
  struct table {
    u32 count;
    u64 rows[];
  }* table = kzalloc(struct_size(table, rows, 3), GFP_KERNEL);
  char* name = kstrdup("name", GFP_KERNEL);
  char* cut = kstrndup("name", 2, GFP_KERNEL);
  u8* grown = krealloc(kmemdup("ab", 2, GFP_KERNEL), 4, GFP_KERNEL);
  void* big = kvmalloc(5 << 20, GFP_KERNEL);
  int fine = table && !table->rows[2] && !strcmp(name, "name") && !strcmp(cut, "na") && grown[1] == 'b' && big;

  fine = fine && !kcalloc(SIZE_MAX / 2, 4, GFP_KERNEL) && !kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL);
  fine = fine && kmalloc(0, GFP_KERNEL) == ZERO_SIZE_PTR;
  kvfree(big);
  kfree(grown);
  kfree(cut);
  kfree(name);
  kvfree(table);
  kfree(NULL);
  kfree(ZERO_SIZE_PTR);
  return fine;
}

void lx_double_free(void) {
  void* memory = kmalloc(24, GFP_KERNEL);

  kfree(memory);
  kfree(memory);
}

void lx_kfree_of_vmalloc(void) { kfree(vmalloc(24)); }

void lx_sleep_under_spin_lock(void) {
  unsigned long flags;

  spin_lock_irqsave(&spin, flags);
  kfree(kmalloc(24, GFP_KERNEL));
  spin_unlock_irqrestore(&spin, flags);
}

void lx_atomic_under_spin_lock(void) {
  spin_lock(&spin);
  kfree(kmalloc(24, GFP_ATOMIC));
  spin_unlock(&spin);
}

/* ---- Locks ------------------------------------------------------------------------------------------------------- */

void lx_mutex_twice(void) {
  mutex_lock(&mutex);
  mutex_lock(&mutex);
}

void lx_mutex_unheld(void) { mutex_unlock(&mutex); }

void lx_locks(void) {
  mutex_lock(&mutex);
  lockdep_assert_held(&mutex);
  BUG_ON(mutex_trylock(&mutex));
  mutex_unlock(&mutex);
  read_lock(&rwlock);
  read_lock(&rwlock);
  read_unlock(&rwlock);
  read_unlock(&rwlock);
  down_write(&semaphore);
  BUG_ON(down_read_trylock(&semaphore));
  up_write(&semaphore);
}

void lx_unlock_otherwise(void) {
  down_read(&semaphore);
  up_write(&semaphore);
}

void lx_return_in_rcu(void) { rcu_read_lock(); }

/* Memory that kfree_rcu was told of is there until the reader is gone. */
int lx_rcu(void) {
  struct node {
    int value;
    struct rcu_head rcu;
  }* node = kmalloc(sizeof(*node), GFP_KERNEL);
  int value;

  rcu_read_lock();
  node->value = 5;
  kfree_rcu(node, rcu);
  value = node->value;
  rcu_read_unlock();
  return value;
}

/* ---- Giving up --------------------------------------------------------------------------------------------------- */

void lx_bug(void) {
  int inputs = 21;

  BUG_ON(inputs > 20);
}

int lx_warn(void) { return WARN_ON(1 + 1 == 2); }

void lx_panic(void) { panic("no %s of %d", "policy", 3); }

void lx_kref_below_zero(void) {
  struct kref ref = {REFCOUNT_INIT(0)};

  kref_put(&ref, NULL);
}

/* ---- Lists, numbers, text ---------------------------------------------------------------------------------------- */

struct item {
  int value;
  struct list_head list;
};

int lx_list_sum(void) {
  struct item items[] = {{.value = 1}, {.value = 20}, {.value = 300}, {.value = 4000}};
  struct item *item, *next;
  LIST_HEAD(head);
  int sum = 0, place = 1;

  for (size_t i = 0; i < ARRAY_SIZE(items); i++) list_add_tail(&items[i].list, &head);
  list_move(&items[1].list, &head);
  list_for_each_entry_safe(item, next, &head, list) if (item->value == 4000) list_del(&item->list);
  list_for_each_entry(item, &head, list) sum += place++ * item->value;
  return sum;
}

static int compare_int(const void* a, const void* b) { return *(const int*)a - *(const int*)b; }

int lx_numbers(void) {
  static const u8 bytes[] = {0, 0x12, 0x34, 0x56, 0x78};
  int table[] = {5, 3, 9, 1, 7, 3};
  const int key = 7;
  u32 sum;
  long long value = 0;
  u8 small;

  BUG_ON(get_unaligned_be32(bytes + 1) != 0x12345678 || get_unaligned_le16(bytes + 1) != 0x3412);
  BUG_ON(!check_add_overflow(U32_MAX, 1u, &sum) || size_mul(SIZE_MAX, 2) != SIZE_MAX);
  BUG_ON(kstrtoll("-0x10\n", 0, &value) || value != -16 || kstrtou8("256", 10, &small) != -ERANGE);
  BUG_ON(kstrtoll("12a", 10, &value) != -EINVAL);
  sort(table, ARRAY_SIZE(table), sizeof(table[0]), compare_int, NULL);
  for (size_t i = 1; i < ARRAY_SIZE(table); i++) BUG_ON(table[i - 1] > table[i]);
  BUG_ON(bsearch(&key, table, ARRAY_SIZE(table), sizeof(int), compare_int) != &table[4]);
  BUG_ON(~crc32_le(~0u, (const u8*)"123456789", 9) != 0xcbf43926);
  BUG_ON(PTR_ERR(ERR_PTR(-EINVAL)) != -EINVAL || !IS_ERR(ERR_PTR(-EINVAL)) || IS_ERR(&key));
  return max(min(3, 4), clamp(9, 1, 2));
}

void lx_print(void) {
  struct device device = {.init_name = "dev0"};
  char text[8];

  BUG_ON(scnprintf(text, sizeof(text), "%s", "far too long") != 7 || strscpy(text, "0123456789", 8) != -E2BIG);
  pr_err("%lu %llx %d %s\n", 1ul << 40, 1ull << 40, -1, text);
  dev_warn(&device, "no newline");
  printk(KERN_INFO "bare\n");
}
