/* What the stand-ins share. Hidden from replicas; the kernel's own names are in wdk/ and linux/. */
#ifndef SLUICE_KERNEL_INTERNAL_H
#define SLUICE_KERNEL_INTERNAL_H

#include <stdarg.h>

#include "fuzz/kernel_api/control.h"

#if __has_feature(address_sanitizer)
#define KAPI_ASAN 1
#else
#define KAPI_ASAN 0
#endif

/* ---- Faults ------------------------------------------------------------------------------------------------------ */

void kapi_fault(const struct sluice_allocation* subject, const char* kind, const char* format, ...)
    __attribute__((format(printf, 3, 4)));
_Noreturn void kapi_bugcheck(const char* format, ...) __attribute__((format(printf, 1, 2)));

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/* Who frees must fit who allocated. */
enum kapi_family { KAPI_POOL = 1, KAPI_SLAB = 2, KAPI_VMALLOC = 4 };

struct kapi_request {
  const char* call;
  size_t size;
  uint32_t tag;
  enum kapi_family family;
  bool zero;
  bool paged;
  bool never_fails;  /* __GFP_NOFAIL: the kernel would wait */
  const void* frame; /* __builtin_frame_address(0) of the function that the driver called */
};

struct kapi_release {
  const char* call;
  uint32_t tag;      /* 0: any */
  unsigned families; /* that this call may free */
  const void* frame;
};

/* Null where the kernel would return null, or where the test wants it. */
void* kapi_allocate(const struct kapi_request* request);
/* Linux's kmalloc() under whatever name; for flags see linux/gfp.h. */
void* kapi_kmalloc(const char* call, size_t size, unsigned flags, const void* frame);
/* What is wrong with it is a fault, and then nothing is freed. */
void kapi_free(const void* memory, const struct kapi_release* release);
/* The size of a live allocation; anything else is a fault and 0. */
size_t kapi_size(const void* memory, const char* call);

void kapi_capture(const void* frame, const void* frames[SLUICE_KERNEL_FRAMES]);

/* ---- Pages of their own (guarded.c) ------------------------------------------------------------------------------ */

bool kapi_is_guarded(void);
/* Null when there are no more. `*slack` bytes behind the allocation are in its pages too. */
void* kapi_guarded_take(size_t size, size_t* slack);
void kapi_guarded_give(void* memory, size_t size);
/* Takes access from what is not given back, and grants it again. */
void kapi_guarded_hide(void* memory, size_t size);
void kapi_guarded_show(void* memory, size_t size);
/* Until kapi_guarded_unmark() nothing that was free is used; kapi_guarded_rewind() begins anew with what was never
 * used, when all that was taken since the mark has been given back. */
void kapi_guarded_mark(void);
void kapi_guarded_rewind(void);
void kapi_guarded_unmark(void);

/* ---- The same, without a system call (lanes.c) ------------------------------------------------------------------- */

/* Null where there is no lane for so many pages. The others tell whether it was one. */
void* kapi_lane_take(size_t pages);
bool kapi_lane_give(void* memory, size_t pages);
bool kapi_lane_hide(void* memory, size_t pages);
bool kapi_lane_show(void* memory, size_t pages);
/* What has been given back may be taken again. */
void kapi_lanes_begin(void);

/* ---- The table of allocations (account.c) ------------------------------------------------------------------------ */

struct kapi_record {
  struct sluice_allocation allocation; /* address null: an empty place */
  enum kapi_family family;
  bool paged;
  bool forgotten;
  bool guarded;
  uint8_t tail_poison;
  uint8_t tail; /* bytes of poison behind it */
};

/* Valid until the next insertion or removal. */
struct kapi_record* kapi_record_of(const void* address);
bool kapi_insert(const struct kapi_record* record);
void kapi_remove(struct kapi_record* record);
void kapi_remember_freed(const struct sluice_allocation* allocation);
const struct sluice_allocation* kapi_freed_at(const void* address);
void kapi_each_record(void (*visit)(const struct kapi_record* record));
size_t kapi_num_records(void);
/* Removes those with this serial or a later one; `last` sees each, out of the table. */
void kapi_remove_since(uint64_t serial, void (*last)(const struct kapi_record* record));
/* How many were remembered as freed; and forgets those behind so many. */
size_t kapi_num_freed(void);
void kapi_forget_freed_since(size_t num_freed);

/* ---- Coming back to a state (mark.c) ----------------------------------------------------------------------------- */

/* Gives memory back that is in no table. */
void kapi_give(const struct kapi_record* record);
/* The next allocation's serial, and where it is set anew with what is allocated. */
uint64_t kapi_next_serial(void);
void kapi_set_allocated(uint64_t next_serial, size_t bytes);
void kapi_mark_allocated(const void* address);
/* Whether the allocation, which is freed and out of the table, is to be kept for the mark. */
bool kapi_mark_keeps(const struct kapi_record* record, uint8_t poison);
/* A write to what is kept is a fault if it can be seen. */
void kapi_mark_check_memory(void);

/* ---- Levels and locks (locks.c) ---------------------------------------------------------------------------------- */

enum { KAPI_PASSIVE = 0, KAPI_APC = 1, KAPI_DISPATCH = 2, KAPI_HIGH = 15 };
uint8_t kapi_level(void);
void kapi_set_level(uint8_t level);

/* Linux: between these the driver must not sleep; they nest. */
void kapi_atomic_enter(void);
void kapi_atomic_leave(const char* call);
void kapi_might_sleep(const char* call);

enum kapi_lock_mode { KAPI_EXCLUSIVE, KAPI_SHARED, KAPI_RECURSIVE };
/* What would wait for itself is a fault. Shared may be taken again, and recursive. */
void kapi_lock(const void* lock, enum kapi_lock_mode mode, const char* call);
bool kapi_try_lock(const void* lock, enum kapi_lock_mode mode, const char* call);
/* What is not held is a fault. `mode` recursive: whatever it is held as. */
void kapi_unlock(const void* lock, enum kapi_lock_mode mode, const char* call);
bool kapi_is_locked(const void* lock);
bool kapi_is_locked_exclusively(const void* lock);
/* The first call that took a lock inside of this memory, or null. */
const char* kapi_lock_within(const void* memory, size_t size);
void kapi_forget_locks(void);
void kapi_forget_readers(void); /* linux_locks.c */
void kapi_forget_work(void);    /* linux_module.c */

/* ---- The log (log.c, format.c) ----------------------------------------------------------------------------------- */

enum kapi_dialect {
  KAPI_WINDOWS, /* %l is 32 bits; %I64, %w and %Z are known */
  KAPI_LINUX,   /* %l is 64 bits; what follows %p is passed over */
};
/* Like vsnprintf, but never more than it says. What it does not know is shown as it stands. */
size_t kapi_format(char* to, size_t size, enum kapi_dialect dialect, const char* format, va_list arguments);
void kapi_log(enum kapi_dialect dialect, const char* format, va_list arguments);
void kapi_log_text(const char* format, ...) __attribute__((format(printf, 1, 2)));
void kapi_forget_log(void);

#endif
