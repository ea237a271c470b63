/* Memory whose every allocation has pages of its own, with a page without access on either side: what a driver whose
 * code cannot be instrumented reads or writes outside of it faults at once. An allocation ends where its pages end, or
 * begins where they begin. What is freed cannot be touched, and its pages are used again only when many others were
 * freed since.
 *
 * One range is reserved before the first child exists, so that two children that do the same see the same addresses. */
#include <string.h>
#include <sys/mman.h>

#include "fuzz/kernel_api/internal.h"

/* Larger allocations have too few of their kind for a pool: they are unmapped, and their place is never used again. */
enum { PAGE = 4096, MOST_POOLED = 64, QUARANTINE = 64 };
#define RANGE ((size_t)8 << 30)
#define WANTED 0x310000000000 /* the same in every process, so that what is told of addresses is */

static char* range;
static size_t range_used;
static enum sluice_guard side;

/* By pages: a queue of places that were freed. A place is the number of its first page in the range; `behind` says
 * which comes behind it. */
static struct queue {
  uint32_t first;
  uint32_t last;
  uint32_t count;
} freed_places[MOST_POOLED + 1];
static uint32_t* behind;

/* While there is a mark: what was free before it, and what was never used. */
static bool is_marked;
static struct queue parked_places[MOST_POOLED + 1];
static size_t marked_used;

bool sluice_kernel_reserve(void) {
  if (range != NULL) return true;
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void* got = mmap((void*)WANTED, RANGE, PROT_NONE, flags, -1, 0);
  void* links = mmap(NULL, RANGE / PAGE * sizeof *behind, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (got == MAP_FAILED || links == MAP_FAILED) return false;
  behind = links;
  range = got;
  range_used = PAGE;
  return true;
}

void sluice_kernel_guard(enum sluice_guard where) { side = range != NULL ? where : SLUICE_GUARD_NONE; }
bool kapi_is_guarded(void) { return side != SLUICE_GUARD_NONE; }

static size_t pages_of(size_t size) { return size == 0 ? 1 : size / PAGE + (size % PAGE != 0); }

/* Not less than the compiler took for granted: what has the size of an aligned structure may be one. */
static size_t alignment_of(size_t size) {
  const size_t natural = size & -size;
  return natural == 0 ? 1 : natural < 16 ? natural : 16;
}

static char* new_place(size_t pages) {
  if (pages >= (RANGE - range_used) / PAGE) return NULL;
  char* place = range + range_used;
  range_used += (pages + 1) * PAGE;
  return place;
}

static char* place_of(size_t pages) {
  if (pages > MOST_POOLED || freed_places[pages].count < QUARANTINE) return new_place(pages);
  struct queue* queue = &freed_places[pages];
  char* place = range + (size_t)queue->first * PAGE;
  queue->first = behind[queue->first];
  --queue->count;
  return place;
}

static char* place_with_access(size_t pages) {
  char* lane = is_marked && side == SLUICE_GUARD_END ? kapi_lane_take(pages) : NULL;
  if (lane != NULL) return lane;
  char* place = place_of(pages);
  return place != NULL && mprotect(place, pages * PAGE, PROT_READ | PROT_WRITE) == 0 ? place : NULL;
}

void* kapi_guarded_take(size_t size, size_t* slack) {
  const size_t pages = pages_of(size);
  char* place = place_with_access(pages);
  if (place == NULL) return NULL;
  const size_t unused = pages * PAGE - size;
  if (side == SLUICE_GUARD_BEGIN) {
    *slack = unused;
    return place;
  }
  *slack = unused % alignment_of(size);
  return place + (unused - *slack);
}

static char* begin_of(void* memory) { return (char*)memory - (uintptr_t)memory % PAGE; }

void kapi_guarded_hide(void* memory, size_t size) {
  const size_t pages = pages_of(size);
  if (!kapi_lane_hide(memory, pages)) mprotect(begin_of(memory), pages * PAGE, PROT_NONE);
}
void kapi_guarded_show(void* memory, size_t size) {
  const size_t pages = pages_of(size);
  if (!kapi_lane_show(memory, pages)) mprotect(begin_of(memory), pages * PAGE, PROT_READ | PROT_WRITE);
}

void kapi_guarded_give(void* memory, size_t size) {
  const size_t pages = pages_of(size);
  if (kapi_lane_give(memory, pages)) return;
  char* place = begin_of(memory);
  mprotect(place, pages * PAGE, PROT_NONE);
  if (pages > MOST_POOLED) {
    madvise(place, pages * PAGE, MADV_DONTNEED);
    return;
  }
  struct queue* queue = &freed_places[pages];
  const uint32_t number = (uint32_t)((size_t)(place - range) / PAGE);
  if (queue->count == 0) {
    queue->first = number;
  } else {
    behind[queue->last] = number;
  }
  queue->last = number;
  ++queue->count;
}

void kapi_guarded_mark(void) {
  memcpy(parked_places, freed_places, sizeof parked_places);
  memset(freed_places, 0, sizeof freed_places);
  marked_used = range_used;
  is_marked = true;
  kapi_lanes_begin();
}

void kapi_guarded_rewind(void) {
  if (!is_marked) return;
  memset(freed_places, 0, sizeof freed_places);
  range_used = marked_used;
  kapi_lanes_begin();
}

/* What was freed since comes behind what had been free before. */
void kapi_guarded_unmark(void) {
  if (!is_marked) return;
  is_marked = false;
  for (size_t pages = 0; pages <= MOST_POOLED; ++pages) {
    struct queue* queue = &freed_places[pages];
    const struct queue parked = parked_places[pages];
    if (parked.count == 0) continue;
    if (queue->count == 0) {
      *queue = parked;
      continue;
    }
    behind[parked.last] = queue->first;
    queue->first = parked.first;
    queue->count += parked.count;
  }
}
