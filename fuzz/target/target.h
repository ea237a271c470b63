/* The C ABI between sluice and a driver under test: how a driver build is made runnable in user mode.
 *
 * An adapter is one small C file that defines `sluice_target()` and thereby says how to load content into the driver,
 * how to evaluate an event, and how to unload. Linked with the driver's source it is a replica, a shared object that
 * the worker `sluice-run` loads into a sandboxed process. docs/bring-your-own-driver.md writes one step by step.
 *
 * Order of calls: load, any number of evaluate, unload; then load again, perhaps of other content. A load that refused
 * is not followed by evaluate or unload. All calls come from one thread, on a stack of kernel size (24 KiB, guarded).
 *
 * What an adapter need not do: check anything, catch anything, print anything. A fault in the driver ends the process
 * that it happens in, and sluice tells what it was.
 *
 * C11, freestanding, and C++.
 */
#ifndef SLUICE_TARGET_H
#define SLUICE_TARGET_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SLUICE_TARGET_VERSION 1u

/* ---- What a call came to ---------------------------------------------------------------------------------------- */

enum sluice_status {
  SLUICE_ACCEPTED = 0, /* done: content is loaded, or the event was evaluated */
  SLUICE_REFUSED = 1,  /* the driver noticed that something is wrong and returned an error */
  /* Any other status is a mistake of the adapter, and ends the run with a report that says so. */
};

struct sluice_result {
  uint32_t status; /* enum sluice_status */
  /* The driver's own word, as it returns it: an NTSTATUS, a negative errno, what an evaluation found. sluice compares
   * it between runs that must agree, and shows it; it must depend on content and event alone, never on an address. */
  uint32_t code;
};

/* ---- Events: what the kernel would hand the driver at run time ----------------------------------------------------
 */

enum sluice_kind {
  SLUICE_ABSENT = 0, /* the event has no value for this input: what a driver sees as a null pointer */
  SLUICE_BYTES = 1,
  SLUICE_UTF16 = 2, /* UTF-16, little-endian, without a terminator */
  SLUICE_U32 = 3,
  SLUICE_U64 = 4,
};

/* One input of an event. `data` holds `size` bytes and is aligned to 8: 4 bytes for u32, 8 for u64, an even number for
 * UTF-16. It is null where the kind is SLUICE_ABSENT. What lies behind the last byte must not be read. The memory
 * belongs to sluice and is valid until `evaluate` returns. */
struct sluice_input {
  uint32_t kind; /* enum sluice_kind */
  uint32_t size; /* in bytes */
  const void* data;
};

struct sluice_event {
  uint32_t type; /* the template type, by the number that content knows it by */
  uint32_t num_inputs;
  const struct sluice_input* inputs; /* `num_inputs` of them; input 0 first */
};

/* ---- What a driver can say about itself: optional, for better events ------------------------------------------------
 */

struct sluice_template_type {
  uint32_t type;
  const char* name;
  uint32_t num_inputs;         /* that an event of this type has */
  const uint32_t* input_kinds; /* enum sluice_kind, one for each input; may be null */
};

struct sluice_description {
  uint32_t num_types;
  const struct sluice_template_type* types; /* static memory of the target */
};

/* ---- The target -----------------------------------------------------------------------------------------------------
 */

struct sluice_target {
  uint32_t version; /* SLUICE_TARGET_VERSION */
  const char* name; /* of driver and build, for reports */
  /* `content` is what the file holds, `size` bytes, and is valid until `load` returns: a driver that keeps it, copies.
   * It is the caller's, and must not be written: for a driver that works in place the adapter makes a copy. */
  struct sluice_result (*load)(const void* content, size_t size);
  struct sluice_result (*evaluate)(const struct sluice_event* event);
  void (*unload)(void);
  const struct sluice_description* (*describe)(void); /* may be null */
};

/* What the adapter defines. Returns static memory. */
const struct sluice_target* sluice_target(void);

/* ---- What sluice offers the driver under test. The worker defines these; a replica may call them or not. ------------
 */

/* "The interpreter is about to evaluate this criterion, and will read its input": `instance` and `criterion` count from
 * 0 in the order of the content file. With these calls sluice can say which criterion a fault belongs to, and which
 * ones no event has reached. Without them it says less. Cheap: a store into shared memory. */
void sluice_reached(uint32_t instance, uint32_t criterion);

/* "The interpreter is handed this array": called first thing at the interpreter's entry, by an adapter that wraps it
 * (`-Wl,--wrap`). Returns the array to use instead: a copy of exactly as many elements as the integration code wrote,
 * ending at a guard page, so that one element too many faults wherever the driver kept its own. It is valid until
 * `evaluate` returns. `name` is for reports ("inputs"), a literal; `type` is the template type.
 *
 * While the number of elements is still being measured, this function does not return: it leaves `evaluate`. */
const void* sluice_guard_array(const char* name, uint32_t type, const void* array, size_t element_size);

#ifdef __cplusplus
}
#endif

#endif
