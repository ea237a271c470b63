/* Pages that stay mapped, each allocation's behind a protection key of its own: to grant and to take access is an
 * instruction, where mprotect() takes microseconds. There are fifteen keys at most, so only the first allocations after
 * a mark have them, each in a lane for as many pages as it needs, which is not used again before the rewind. Without
 * keys the lanes are there too, so that addresses are the same on every processor. */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "fuzz/kernel_api/internal.h"

enum { PAGE = 4096, NUM_LANES = 15, MOST_PAGES = 8, NO_KEY = -1 };
#define WANTED 0x30F000000000

/* By what drivers ask for: mostly less than a page. */
static const uint8_t kPages[NUM_LANES] = {1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8};

static struct lane {
  char* begin;
  int key;
  bool is_taken;
  bool is_used; /* since the mark */
} lanes[NUM_LANES];
static char* range;
static size_t range_size;
static bool has_keys;
static uint32_t rights; /* two bits a key, of the thread that runs the driver */

#ifdef __x86_64__
static uint32_t read_rights(void) {
  uint32_t low;
  uint32_t high;
  __asm__ volatile("rdpkru" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}
static void write_rights(void) { __asm__ volatile("wrpkru" : : "a"(rights), "c"(0), "d"(0) : "memory"); }
#else
static uint32_t read_rights(void) { return 0; }
static void write_rights(void) {}
#endif

void sluice_kernel_grant(void) {
  if (has_keys) write_rights();
}

static void permit(const struct lane* lane, size_t pages) {
  if (lane->key == NO_KEY) {
    mprotect(lane->begin, pages * PAGE, PROT_READ | PROT_WRITE);
    return;
  }
  rights &= ~(3u << (2 * lane->key));
  write_rights();
}

static void forbid(const struct lane* lane, size_t pages) {
  if (lane->key == NO_KEY) {
    mprotect(lane->begin, pages * PAGE, PROT_NONE);
    return;
  }
  rights |= (uint32_t)PKEY_DISABLE_ACCESS << (2 * lane->key);
  write_rights();
}

bool sluice_kernel_reserve_lanes(void) {
  if (range != NULL) return true;
  size_t pages = 1;
  for (int i = 0; i < NUM_LANES; ++i) pages += kPages[i] + 1u;
  void* got = mmap((void*)WANTED, pages * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (got == MAP_FAILED) return false;
  range = got;
  range_size = pages * PAGE;
  char* at = range + PAGE;
  for (int i = 0; i < NUM_LANES; ++i) {
    struct lane* lane = &lanes[i];
    lane->begin = at;
    at += (kPages[i] + 1u) * PAGE;
    lane->key = pkey_alloc(0, PKEY_DISABLE_ACCESS);
    if (lane->key < 0 || pkey_mprotect(lane->begin, kPages[i] * (size_t)PAGE, PROT_READ | PROT_WRITE, lane->key) != 0) {
      lane->key = NO_KEY;
      continue;
    }
    has_keys = true;
  }
  if (has_keys) rights = read_rights();
  return true;
}

static struct lane* lane_of(const void* memory) {
  if (range == NULL || (size_t)((const char*)memory - range) >= range_size) return NULL;
  for (int i = 0; i < NUM_LANES; ++i) {
    if ((size_t)((const char*)memory - lanes[i].begin) < kPages[i] * (size_t)PAGE) return &lanes[i];
  }
  return NULL;
}

void* kapi_lane_take(size_t pages) {
  if (range == NULL) return NULL;
  for (int i = 0; i < NUM_LANES; ++i) {
    if (kPages[i] != pages || lanes[i].is_taken || lanes[i].is_used) continue;
    lanes[i].is_taken = lanes[i].is_used = true;
    permit(&lanes[i], pages);
    return lanes[i].begin;
  }
  return NULL;
}

bool kapi_lane_give(void* memory, size_t pages) {
  struct lane* lane = lane_of(memory);
  if (lane == NULL) return false;
  lane->is_taken = false;
  forbid(lane, pages);
  return true;
}

bool kapi_lane_hide(void* memory, size_t pages) {
  const struct lane* lane = lane_of(memory);
  if (lane != NULL) forbid(lane, pages);
  return lane != NULL;
}

bool kapi_lane_show(void* memory, size_t pages) {
  const struct lane* lane = lane_of(memory);
  if (lane != NULL) permit(lane, pages);
  return lane != NULL;
}

void kapi_lanes_begin(void) {
  for (int i = 0; i < NUM_LANES; ++i) lanes[i].is_used = false;
}
