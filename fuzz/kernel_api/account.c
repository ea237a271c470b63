/* Which allocations there are and were. The table is kept in pages of its own, away from the heap that a driver
 * damages, so that it can still be read in the handler of the fault. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz/kernel_api/internal.h"

enum { FIRST_CAPACITY = 64, NUM_FREED = 1024, BESIDE = 64, NEAR = 4096 };

/* Open addressing with linear probing; never more than half full, and always a power of two large. */
static struct kapi_record* records;
static size_t capacity;
static size_t num_records;

static struct sluice_allocation freed[NUM_FREED]; /* a ring: the newest is before `next_freed` */
static size_t next_freed;
static size_t first_freed; /* those before are forgotten */

static size_t home_of(const void* address) {
  return (size_t)(((uintptr_t)address >> 4) * 0x9E3779B97F4A7C15u >> 20) & (capacity - 1);
}

struct kapi_record* kapi_record_of(const void* address) {
  if (capacity == 0 || address == NULL) return NULL;
  for (size_t at = home_of(address);; at = (at + 1) & (capacity - 1)) {
    if (records[at].allocation.address == address) return &records[at];
    if (records[at].allocation.address == NULL) return NULL;
  }
}

static void place(const struct kapi_record* record) {
  size_t at = home_of(record->allocation.address);
  while (records[at].allocation.address != NULL) at = (at + 1) & (capacity - 1);
  records[at] = *record;
}

static bool grow(void) {
  struct kapi_record* old = records;
  const size_t old_capacity = capacity;
  const size_t new_capacity = capacity != 0 ? 2 * capacity : FIRST_CAPACITY;
  void* pages = mmap(NULL, new_capacity * sizeof *records, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return false;
  records = pages;
  capacity = new_capacity;
  for (size_t i = 0; i < old_capacity; ++i) {
    if (old[i].allocation.address != NULL) place(&old[i]);
  }
  if (old != NULL) munmap(old, old_capacity * sizeof *old);
  return true;
}

bool kapi_insert(const struct kapi_record* record) {
  if (2 * (num_records + 1) > capacity && !grow()) return false;
  place(record);
  ++num_records;
  return true;
}

/* The records behind a removed one move up where their search would otherwise end at the hole. */
void kapi_remove(struct kapi_record* record) {
  size_t hole = (size_t)(record - records);
  for (size_t at = (hole + 1) & (capacity - 1); records[at].allocation.address != NULL;
       at = (at + 1) & (capacity - 1)) {
    const size_t from_home = (at - home_of(records[at].allocation.address)) & (capacity - 1);
    if (from_home >= ((at - hole) & (capacity - 1))) {
      records[hole] = records[at];
      hole = at;
    }
  }
  records[hole].allocation.address = NULL;
  --num_records;
}

void kapi_remember_freed(const struct sluice_allocation* allocation) {
  freed[next_freed % NUM_FREED] = *allocation;
  ++next_freed;
}

static bool contains(const struct sluice_allocation* allocation, const void* address) {
  return (uintptr_t)address - (uintptr_t)allocation->address < allocation->size;
}

static const struct sluice_allocation* newest_freed(const void* address, bool whole) {
  for (size_t back = 1; back <= NUM_FREED && back <= next_freed - first_freed; ++back) {
    const struct sluice_allocation* candidate = &freed[(next_freed - back) % NUM_FREED];
    if (whole ? contains(candidate, address) : candidate->address == address) return candidate;
  }
  return NULL;
}

size_t kapi_num_freed(void) { return next_freed; }

void kapi_forget_freed_since(size_t num_freed) {
  if (next_freed > NUM_FREED && first_freed < next_freed - NUM_FREED) first_freed = next_freed - NUM_FREED;
  next_freed = num_freed;
  if (first_freed > next_freed) first_freed = next_freed;
}

const struct sluice_allocation* kapi_freed_at(const void* address) { return newest_freed(address, false); }

void kapi_each_record(void (*visit)(const struct kapi_record* record)) {
  for (size_t i = 0; i < capacity; ++i) {
    if (records[i].allocation.address != NULL) visit(&records[i]);
  }
}

size_t kapi_num_records(void) { return num_records; }

/* Another record may move to where one is removed, but none that was not looked at: those that come from the table's
 * begin are older ones. */
void kapi_remove_since(uint64_t serial, void (*last)(const struct kapi_record* record)) {
  for (size_t i = 0; i < capacity; ++i) {
    while (records[i].allocation.address != NULL && records[i].allocation.serial >= serial) {
      const struct kapi_record gone = records[i];
      kapi_remove(&records[i]);
      last(&gone);
    }
  }
}

/* How far `address` is from an allocation that it is not in. */
static size_t distance(const struct sluice_allocation* allocation, const void* address) {
  const uintptr_t begin = (uintptr_t)allocation->address;
  const uintptr_t at = (uintptr_t)address;
  return at < begin ? begin - at : at - begin - allocation->size + 1;
}

enum sluice_owner sluice_kernel_find(const void* address, struct sluice_allocation* found) {
  const struct sluice_allocation* nearest = NULL;
  for (size_t i = 0; i < capacity; ++i) {
    const struct sluice_allocation* candidate = &records[i].allocation;
    if (candidate->address == NULL) continue;
    if (contains(candidate, address)) {
      *found = *candidate;
      return SLUICE_LIVE;
    }
    if (distance(candidate, address) <= NEAR &&
        (nearest == NULL || distance(candidate, address) < distance(nearest, address))) {
      nearest = candidate;
    }
  }
  const struct sluice_allocation* gone = newest_freed(address, true);
  if (nearest != NULL && (gone == NULL || distance(nearest, address) <= BESIDE)) {
    *found = *nearest;
    return SLUICE_NEAR;
  }
  if (gone == NULL) return SLUICE_NOBODYS;
  *found = *gone;
  return SLUICE_FREED;
}

static int older(const void* a, const void* b) {
  const uint64_t left = ((const struct sluice_allocation*)a)->serial;
  const uint64_t right = ((const struct sluice_allocation*)b)->serial;
  return left < right ? -1 : left > right;
}

size_t sluice_kernel_outstanding(struct sluice_allocation* to, size_t limit) {
  size_t count = 0;
  for (size_t i = 0; i < capacity; ++i) {
    if (records[i].allocation.address == NULL || records[i].forgotten) continue;
    if (count < limit) to[count] = records[i].allocation;
    ++count;
  }
  if (limit != 0) qsort(to, count < limit ? count : limit, sizeof *to, older);
  return count;
}

void sluice_kernel_forget(void) {
  for (size_t i = 0; i < capacity; ++i) records[i].forgotten = true;
}

void sluice_kernel_tag_text(uint32_t tag, char text[5]) {
  memset(text, 0, 5);
  for (int i = 0; i < 4 && tag != 0; ++i) {
    const char byte = (char)(tag >> (8 * i));
    text[i] = byte >= ' ' && byte <= '~' ? byte : '.';
  }
}
