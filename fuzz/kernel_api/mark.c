/* One state to come back to. What was allocated at the mark lies in `saved`, with a copy of its contents; what the
 * driver frees of it is kept until it is brought back. What was allocated since is found by its serial. */
#include <string.h>
#include <sys/mman.h>

#include "fuzz/kernel_api/internal.h"

#if KAPI_ASAN
#include <sanitizer/asan_interface.h>
#endif

/* So many allocations since the mark are found without a look at the whole table. */
enum { MOST_SINCE = 256 };

struct saved {
  struct kapi_record record;
  const uint8_t* contents; /* and the tail */
  uint8_t poison;          /* what it holds while it is freed */
  bool is_freed;
};

static bool is_marked;
static struct saved* saved;
static size_t num_saved;
static uint8_t* contents;
static size_t contents_size;
static uint64_t marked_serial;
static size_t marked_bytes;
static size_t marked_freed;
static const void* since[MOST_SINCE];
static size_t num_since; /* counts on when there is no more room */

static size_t held_by(const struct kapi_record* record) { return record->allocation.size + record->tail; }
static uint8_t* memory_of(const struct saved* item) { return (uint8_t*)item->record.allocation.address; }

/* ---- Freed, and kept --------------------------------------------------------------------------------------------- */

static void hide(struct saved* item, uint8_t poison) {
  item->is_freed = true;
  item->poison = poison;
  if (item->record.guarded) {
    kapi_guarded_hide(memory_of(item), item->record.allocation.size);
    return;
  }
  memset(memory_of(item), poison, item->record.allocation.size);
#if KAPI_ASAN
  __asan_poison_memory_region(memory_of(item), item->record.allocation.size);
#endif
}

static void show(struct saved* item) {
  item->is_freed = false;
  if (item->record.guarded) {
    kapi_guarded_show(memory_of(item), item->record.allocation.size);
    return;
  }
#if KAPI_ASAN
  __asan_unpoison_memory_region(memory_of(item), item->record.allocation.size);
#endif
}

/* Sorted by serial, as they were given out. */
static struct saved* saved_of(const struct kapi_record* record) {
  size_t low = 0;
  size_t high = num_saved;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (saved[middle].record.allocation.serial < record->allocation.serial) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < num_saved && saved[low].record.allocation.serial == record->allocation.serial ? &saved[low] : NULL;
}

bool kapi_mark_keeps(const struct kapi_record* record, uint8_t poison) {
  if (!is_marked || record->allocation.serial >= marked_serial) return false;
  struct saved* item = saved_of(record);
  if (item == NULL) return false;
  memcpy(item->record.allocation.freed, record->allocation.freed, sizeof record->allocation.freed);
  hide(item, poison);
  return true;
}

void kapi_mark_check_memory(void) {
  for (size_t i = 0; i < num_saved; ++i) {
    struct saved* item = &saved[i];
    const struct sluice_allocation* gone = &item->record.allocation;
    if (!item->is_freed || item->record.guarded) continue;
    size_t at = 0;
    while (at < gone->size && memory_of(item)[at] == item->poison) ++at;
    if (at == gone->size) continue;
    memset(memory_of(item), item->poison, gone->size); /* told once */
    kapi_fault(gone, "use-after-free", "a write to byte %zu of %zu bytes that had been freed, allocated by %s", at,
               gone->size, gone->call);
  }
}

void kapi_mark_allocated(const void* address) {
  if (!is_marked) return;
  if (num_since < MOST_SINCE) since[num_since] = address;
  ++num_since;
}

/* ---- Mark -------------------------------------------------------------------------------------------------------- */

static void add(const struct kapi_record* record) {
  saved[num_saved++].record = *record;
  contents_size += held_by(record);
}

/* Shell's method: nothing is allocated, and nothing is deep. */
static void sort_saved(void) {
  for (size_t gap = num_saved / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) {
    for (size_t i = gap; i < num_saved; ++i) {
      const struct saved moved = saved[i];
      size_t at = i;
      for (; at >= gap && saved[at - gap].record.allocation.serial > moved.record.allocation.serial; at -= gap) {
        saved[at] = saved[at - gap];
      }
      saved[at] = moved;
    }
  }
}

static void* pages(size_t size) {
  void* got = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return got != MAP_FAILED ? got : NULL;
}

static size_t saved_size(void) { return (num_saved + 1) * sizeof *saved; }

static void copy_contents(void) {
  uint8_t* to = contents;
  for (size_t i = 0; i < num_saved; ++i) {
    memcpy(to, memory_of(&saved[i]), held_by(&saved[i].record));
    saved[i].contents = to;
    to += held_by(&saved[i].record);
  }
}

bool sluice_kernel_mark(void) {
  sluice_kernel_unmark();
  saved = pages((kapi_num_records() + 1) * sizeof *saved);
  if (saved == NULL) return false;
  kapi_each_record(add);
  sort_saved();
  contents = pages(contents_size + 1);
  is_marked = true;
  if (contents == NULL) {
    sluice_kernel_unmark();
    return false;
  }
  copy_contents();
  marked_serial = kapi_next_serial();
  marked_bytes = sluice_kernel_counts().bytes;
  marked_freed = kapi_num_freed();
  kapi_guarded_mark();
  return true;
}

void sluice_kernel_unmark(void) {
  if (!is_marked) return;
  is_marked = false;
  for (size_t i = 0; i < num_saved; ++i) {
    if (!saved[i].is_freed) continue;
    show(&saved[i]);
    kapi_give(&saved[i].record);
  }
  kapi_guarded_unmark();
  if (contents != NULL) munmap(contents, contents_size + 1);
  munmap(saved, saved_size());
  contents = NULL;
  saved = NULL;
  num_saved = 0;
  contents_size = 0;
  num_since = 0;
}

/* ---- Rewind ------------------------------------------------------------------------------------------------------ */

static void remove_since(void) {
  if (num_since > MOST_SINCE) {
    kapi_remove_since(marked_serial, kapi_give);
  } else {
    for (size_t i = 0; i < num_since; ++i) {
      struct kapi_record* record = kapi_record_of(since[i]);
      if (record == NULL || record->allocation.serial < marked_serial) continue;
      const struct kapi_record gone = *record;
      kapi_remove(record);
      kapi_give(&gone);
    }
  }
  num_since = 0;
}

static void bring_back(struct saved* item) {
  if (item->is_freed) {
    show(item);
    memset(item->record.allocation.freed, 0, sizeof item->record.allocation.freed);
    kapi_insert(&item->record); /* there is room: it was there at the mark */
  } else {
    *kapi_record_of(memory_of(item)) = item->record;
  }
  /* What was not written to stays clean: most of it, mostly. */
  const size_t size = held_by(&item->record);
  if (memcmp(memory_of(item), item->contents, size) != 0) memcpy(memory_of(item), item->contents, size);
}

void sluice_kernel_rewind(void) {
  if (!is_marked) return;
  remove_since();
  for (size_t i = 0; i < num_saved; ++i) bring_back(&saved[i]);
  kapi_guarded_rewind();
  kapi_set_allocated(marked_serial, marked_bytes);
  kapi_forget_freed_since(marked_freed);
}
