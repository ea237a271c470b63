/* Every kind of kernel memory, from malloc or with pages of its own (guarded.c): exactly as large as the driver asked,
 * with nothing of ours before it.
 *
 * Under AddressSanitizer its red zones and its quarantine do the guarding. Without it an allocation is followed by a
 * tail of poison, and what is freed is kept for a while as poison: a stray read finds the same bytes in every run and
 * others under other poison, and a stray write is seen at the latest by sluice_kernel_check_memory(). */
#include <stdlib.h>
#include <string.h>

#include "fuzz/kernel_api/internal.h"

enum { TAIL = KAPI_ASAN ? 0 : 32, NUM_KEPT = KAPI_ASAN ? 0 : 64, KEPT_BYTES = 64 * 1024 };

static uint8_t fresh_poison = 0xA5;
static uint8_t freed_poison = 0xDD;
static uint32_t fails_in;
static size_t budget = (size_t)256 << 20;
static const char* stack_low;
static const char* stack_high;
static struct sluice_kernel_counts counts;
static uint64_t next_serial = 1;

void sluice_kernel_fail_allocation(uint32_t n) { fails_in = n; }
void sluice_kernel_budget(size_t bytes) { budget = bytes; }
struct sluice_kernel_counts sluice_kernel_counts(void) { return counts; }

void sluice_kernel_stack(const void* low, const void* high) {
  stack_low = low;
  stack_high = high;
}

/* ---- Call sites -------------------------------------------------------------------------------------------------- */

static bool on_stack(const void* const* frame) {
  return (uintptr_t)frame % sizeof(void*) == 0 && (const char*)frame >= stack_low &&
         (const char*)(frame + 2) <= stack_high;
}

__attribute__((no_sanitize("address", "undefined"))) void kapi_capture(const void* frame,
                                                                       const void* frames[SLUICE_KERNEL_FRAMES]) {
  const void* const* at = frame;
  memset(frames, 0, SLUICE_KERNEL_FRAMES * sizeof *frames);
  frames[0] = at[1]; /* the library's own frame is sound; those above it are the driver's */
  for (int depth = 1; depth < SLUICE_KERNEL_FRAMES; ++depth) {
    const void* const* caller = (const void* const*)at[0];
    if (caller <= at || !on_stack(caller) || caller[1] == NULL) return;
    at = caller;
    frames[depth] = at[1];
  }
}

/* ---- What was freed, kept for a while -----------------------------------------------------------------------------
 */

#if !KAPI_ASAN
static struct sluice_allocation kept[NUM_KEPT]; /* a ring: the oldest is at first_kept */
static size_t first_kept;
static size_t num_kept;
static size_t kept_bytes;
static uint8_t kept_poison[NUM_KEPT];

/* The first of `size` bytes that is not `poison`, or `size`. */
static size_t first_other(const uint8_t* bytes, size_t size, uint8_t poison) {
  size_t at = 0;
  while (at < size && bytes[at] == poison) ++at;
  return at;
}

static void check_kept(size_t place) {
  const struct sluice_allocation* gone = &kept[place];
  const size_t at = first_other(gone->address, gone->size, kept_poison[place]);
  if (at < gone->size) {
    memset((void*)gone->address, kept_poison[place], gone->size); /* told once */
    kapi_fault(gone, "use-after-free", "a write to byte %zu of %zu bytes that had been freed, allocated by %s", at,
               gone->size, gone->call);
  }
}

static void let_go(void) {
  check_kept(first_kept);
  kept_bytes -= kept[first_kept].size;
  free((void*)kept[first_kept].address);
  first_kept = (first_kept + 1) % NUM_KEPT;
  --num_kept;
}

static void keep(const struct sluice_allocation* gone) {
  if (gone->size > KEPT_BYTES) {
    free((void*)gone->address);
    return;
  }
  while (num_kept == NUM_KEPT || kept_bytes + gone->size > KEPT_BYTES) let_go();
  const size_t place = (first_kept + num_kept) % NUM_KEPT;
  memset((void*)gone->address, freed_poison, gone->size);
  kept[place] = *gone;
  kept_poison[place] = freed_poison;
  kept_bytes += gone->size;
  ++num_kept;
}

static void check_tail(const struct kapi_record* record) {
  const struct sluice_allocation* allocation = &record->allocation;
  uint8_t* tail = (uint8_t*)allocation->address + allocation->size;
  const size_t at = first_other(tail, record->tail, record->tail_poison);
  if (at < record->tail) {
    memset(tail, record->tail_poison, record->tail);
    kapi_fault(allocation, "out-of-bounds", "a write %zu bytes past the end of %zu bytes allocated by %s", at,
               allocation->size, allocation->call);
  }
}

void sluice_kernel_check_memory(void) {
  for (size_t i = 0; i < num_kept; ++i) check_kept((first_kept + i) % NUM_KEPT);
  kapi_mark_check_memory();
  kapi_each_record(check_tail);
}
#else
static void keep(const struct sluice_allocation* gone) { free((void*)gone->address); }
static void check_tail(const struct kapi_record* record) { (void)record; }
void sluice_kernel_check_memory(void) {}
#endif

void sluice_kernel_poison(uint8_t fresh, uint8_t freed) {
  fresh_poison = fresh;
  freed_poison = freed;
}

/* ---- Allocate ---------------------------------------------------------------------------------------------------- */

static bool refused(const struct kapi_request* request) {
  ++counts.allocations;
  if (!request->never_fails && fails_in != 0 && --fails_in == 0) {
    ++counts.failed;
    return true;
  }
  if (counts.bytes > budget || request->size > budget - counts.bytes) {
    ++counts.refused;
    return true;
  }
  return false;
}

static void* take(size_t size, struct kapi_record* record) {
  size_t slack = TAIL;
  record->guarded = kapi_is_guarded();
  void* memory = record->guarded ? kapi_guarded_take(size, &slack) : malloc(size + TAIL);
  record->tail = (uint8_t)(slack < TAIL ? slack : TAIL);
  return memory;
}

void kapi_give(const struct kapi_record* record) {
  void* memory = (void*)record->allocation.address;
  if (record->guarded) {
    kapi_guarded_give(memory, record->allocation.size);
  } else {
    free(memory);
  }
}

uint64_t kapi_next_serial(void) { return next_serial; }

void kapi_set_allocated(uint64_t serial, size_t bytes) {
  next_serial = serial;
  counts.bytes = bytes;
}

void* kapi_allocate(const struct kapi_request* request) {
  if (refused(request)) return NULL;

  struct kapi_record record = {
      .allocation = {.size = request->size, .serial = next_serial, .tag = request->tag, .call = request->call},
      .family = request->family,
      .paged = request->paged,
      .tail_poison = fresh_poison,
  };
  uint8_t* memory = take(request->size, &record);
  if (memory == NULL) return NULL;
  record.allocation.address = memory;
  kapi_capture(request->frame, record.allocation.allocated);
  if (!kapi_insert(&record)) {
    kapi_give(&record);
    return NULL;
  }
  memset(memory, request->zero ? 0 : fresh_poison, request->size);
  memset(memory + request->size, fresh_poison, record.tail);
  ++next_serial;
  kapi_mark_allocated(memory);
  counts.bytes += request->size;
  if (counts.bytes > counts.most_bytes) counts.most_bytes = counts.bytes;
  return memory;
}

/* ---- Free -------------------------------------------------------------------------------------------------------- */

static struct kapi_record* live(const void* memory, const char* call) {
  struct kapi_record* record = kapi_record_of(memory);
  if (record != NULL) return record;
  const struct sluice_allocation* gone = kapi_freed_at(memory);
  if (gone != NULL) {
    kapi_fault(gone, "double-free", "%s of %zu bytes that had been freed, allocated by %s", call, gone->size,
               gone->call);
    return NULL;
  }
  struct sluice_allocation near;
  switch (sluice_kernel_find(memory, &near)) {
    case SLUICE_LIVE:
      kapi_fault(&near, "bad-free", "%s of an address %zu bytes into %zu bytes allocated by %s", call,
                 (size_t)((const char*)memory - (const char*)near.address), near.size, near.call);
      break;
    case SLUICE_FREED:
      kapi_fault(&near, "bad-free", "%s of an address %zu bytes into %zu bytes that had been freed", call,
                 (size_t)((const char*)memory - (const char*)near.address), near.size);
      break;
    case SLUICE_NEAR:
    case SLUICE_NOBODYS: kapi_fault(NULL, "bad-free", "%s of an address that was never allocated", call); break;
  }
  return NULL;
}

static bool may_free(const struct kapi_record* record, const struct kapi_release* release) {
  const struct sluice_allocation* allocation = &record->allocation;
  if ((record->family & release->families) == 0) {
    kapi_fault(allocation, "bad-free", "%s of %zu bytes allocated by %s", release->call, allocation->size,
               allocation->call);
    return false;
  }
  if (release->tag != 0 && release->tag != allocation->tag) {
    char freed_as[5];
    char allocated_as[5];
    sluice_kernel_tag_text(release->tag, freed_as);
    sluice_kernel_tag_text(allocation->tag, allocated_as);
    kapi_fault(allocation, "bugcheck", "BAD_POOL_CALLER (0xC2): %s with tag '%s' of %zu bytes allocated with tag '%s'",
               release->call, freed_as, allocation->size, allocated_as);
    return false;
  }
  const char* lock = kapi_lock_within(allocation->address, allocation->size);
  if (lock != NULL) {
    kapi_fault(allocation, "bugcheck", "%s of %zu bytes with a lock in them that is held, taken by %s", release->call,
               allocation->size, lock);
    return false;
  }
  if (record->paged && kapi_level() >= KAPI_DISPATCH) {
    kapi_fault(allocation, "bugcheck", "IRQL_NOT_LESS_OR_EQUAL (0xA): %s of paged pool at IRQL %u", release->call,
               kapi_level());
    return false;
  }
  return true;
}

void kapi_free(const void* memory, const struct kapi_release* release) {
  struct kapi_record* record = live(memory, release->call);
  if (record == NULL || !may_free(record, release)) return;
  check_tail(record);
  struct kapi_record gone = *record;
  kapi_capture(release->frame, gone.allocation.freed);
  kapi_remove(record);
  kapi_remember_freed(&gone.allocation);
  counts.bytes -= gone.allocation.size;
  if (kapi_mark_keeps(&gone, freed_poison)) return;
  if (gone.guarded) {
    kapi_give(&gone);
  } else {
    keep(&gone.allocation);
  }
}

size_t kapi_size(const void* memory, const char* call) {
  const struct kapi_record* record = live(memory, call);
  return record != NULL ? record->allocation.size : 0;
}
