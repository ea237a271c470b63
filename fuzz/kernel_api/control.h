/* How the worker steers the stand-ins for the kernel, and what it asks them afterwards.
 *
 * One driver, one thread: nothing here locks. Text and records that are handed out belong to the library; they are
 * valid until the driver runs on, unless it says otherwise. Functions marked [signal] may be called from a signal
 * handler. A replica cannot reach these functions: sluice-cc does not know them. */
#ifndef SLUICE_KERNEL_CONTROL_H
#define SLUICE_KERNEL_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Faults ------------------------------------------------------------------------------------------------------ */

/* "The driver did this": kinds are `bugcheck`, `double-free`, `bad-free`, `use-after-free` and `out-of-bounds`, as in
 * docs/worker-protocol.md; misuse of a lock or of a level is a bugcheck. Called on the driver's stack, innermost frame
 * a function of this library. A callback that returns lets the driver go on where that is possible; after a bug check
 * it is not, and the process aborts. Without a callback every fault aborts. */
typedef void sluice_fault_callback(const char* kind, const char* text);
void sluice_kernel_on_fault(sluice_fault_callback* callback);

/* ---- Before a run ------------------------------------------------------------------------------------------------ */

/* What memory holds that the driver did not ask to be zeroed, and what memory holds after it was freed. */
void sluice_kernel_poison(uint8_t fresh, uint8_t freed);

/* The n-th allocation from now returns null, then no other; 0: none. */
void sluice_kernel_fail_allocation(uint32_t n);

/* What may be allocated at any one time; beyond it allocations return null. 256 MiB unless told. */
void sluice_kernel_budget(size_t bytes);

/* Allocations have pages of their own, and end or begin at one that cannot be touched: for drivers whose code is not
 * instrumented. Those made before stay as they are. Has no effect without sluice_kernel_reserve(), which sets address
 * space aside once, fails with errno, and is for the process that forks those that run drivers. */
enum sluice_guard { SLUICE_GUARD_NONE = 0, SLUICE_GUARD_END = 1, SLUICE_GUARD_BEGIN = 2 };
bool sluice_kernel_reserve(void);
void sluice_kernel_guard(enum sluice_guard where);

/* Has guarded allocations after a mark, the first of them, change protection without a system call where the processor
 * has protection keys: for the thread that calls this, which runs the driver. A handler of signals has no access to
 * them before sluice_kernel_grant() [signal]. Once; fails with errno. */
bool sluice_kernel_reserve_lanes(void);
void sluice_kernel_grant(void);

/* Where the driver's stack is. Without it a call site is one frame. */
void sluice_kernel_stack(const void* low, const void* high);

/* No lock is held, the level is passive, the log is empty, no failure is due: for a run that was left by a jump or is
 * about to begin. Allocations stay. */
void sluice_kernel_begin(void);

/* ---- Allocations ------------------------------------------------------------------------------------------------- */

#define SLUICE_KERNEL_FRAMES 8

struct sluice_allocation {
  const void* address;
  size_t size;      /* as the driver asked */
  uint64_t serial;  /* counts from 1 in the order of allocation */
  uint32_t tag;     /* of the pool, as the driver wrote it; 0 where there is none */
  const char* call; /* that allocated: "ExAllocatePool2", "kzalloc"; a literal */
  /* Return addresses, the driver's innermost first; unused ones are null. `freed` is where it was freed. */
  const void* allocated[SLUICE_KERNEL_FRAMES];
  const void* freed[SLUICE_KERNEL_FRAMES];
};

struct sluice_kernel_counts {
  uint64_t allocations; /* that were asked for since the process began */
  uint64_t refused;     /* of these, past the budget */
  uint64_t failed;      /* of these, by sluice_kernel_fail_allocation */
  size_t bytes;         /* allocated now */
  size_t most_bytes;    /* allocated at any one time */
};
struct sluice_kernel_counts sluice_kernel_counts(void);

/* What is allocated now: writes up to `capacity` records, oldest first, and returns how many there are. */
size_t sluice_kernel_outstanding(struct sluice_allocation* to, size_t capacity);

/* What is allocated now is no longer outstanding: it was reported, or is the driver's to keep. It stays valid, counts
 * to the budget, and may be freed. */
void sluice_kernel_forget(void);

/* ---- One run after another in the same process, each from the same state -------------------------------------------
 */

/* What is allocated now, its contents too, is what sluice_kernel_rewind() comes back to: it gives back all that was
 * allocated since, without telling, and brings back what was freed since. Until then that is freed like anything else
 * for the driver: to use it, or to free it twice, is a fault. After it, allocations have the same serials and, where
 * they are guarded, the same addresses again. The totals go on; what sluice_kernel_begin() is for is not rewound.
 *
 * There is one mark; another replaces it. False: there is no memory for the contents, and no mark. */
bool sluice_kernel_mark(void);
/* To the mark; any number of times. No effect without one. Allocates nothing. */
void sluice_kernel_rewind(void);
/* Ends the mark: what is freed is freed, what is allocated stays. */
void sluice_kernel_unmark(void);

/* ---- Whose memory --------------------------------------------------------------------------------------------------
 */

/* Whose memory is `address`? [signal] The live allocation around it; else a live one that ends or begins within a few
 * bytes of it, else what was freed around it last, else a live one within a page. `found` is untouched where it is
 * nobody's. */
enum sluice_owner { SLUICE_NOBODYS = 0, SLUICE_LIVE = 1, SLUICE_FREED = 2, SLUICE_NEAR = 3 };
enum sluice_owner sluice_kernel_find(const void* address, struct sluice_allocation* found);

/* The allocation that the last fault is about, or null. [signal] */
const struct sluice_allocation* sluice_kernel_subject(void);

/* 'rsnS' is "Snsr", as a debugger shows it; unprintable bytes are dots, and no tag is no text. */
void sluice_kernel_tag_text(uint32_t tag, char text[5]);

/* ---- After a call into the driver -------------------------------------------------------------------------------- */

/* The driver returned to the kernel: a lock that is still held, or a level that is still raised, is a fault. */
void sluice_kernel_check_return(void);

/* A write behind the end of an allocation, or to one that was freed, is a fault if it can still be seen. Without
 * AddressSanitizer, which sees it when it happens; with it this does nothing. */
void sluice_kernel_check_memory(void);

/* ---- What the driver printed ------------------------------------------------------------------------------------- */

#define SLUICE_KERNEL_LOG_LINES 50
#define SLUICE_KERNEL_LOG_WIDTH 200

/* The last lines, oldest first: how many there are, and line `index` of them, printable ASCII without its end. [signal]
 */
size_t sluice_kernel_num_log_lines(void);
const char* sluice_kernel_log_line(size_t index);

#ifdef __cplusplus
}
#endif

#endif
