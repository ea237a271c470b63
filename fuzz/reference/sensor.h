/* The reference sensor: a content interpreter as it could live in a kernel driver.
 *
 * A channel file is loaded into template instances, in memory that the caller gives; an event is then evaluated against
 * the instances of its template type. C11, freestanding: of the library it needs memcpy and memset.
 *
 *   load       sensor_measure, then sensor_load        checks everything that it later relies on
 *   evaluate   sensor_evaluate -> sensor_interpret     integration code, then the interpreter
 *
 * It was written from the description of the format, shares nothing with the validator, and so is evidence against it.
 */
#ifndef SENSOR_H
#define SENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor_builds.h"
#include "sensor_format.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What a call came to: an NTSTATUS of the customer's own, severity error -------------------------------- */

typedef uint32_t sensor_status;

#define SENSOR_OK 0u
#define SENSOR_ERROR(code) (0xE0530000u | (code))

#define SENSOR_NOT_A_CHANNEL SENSOR_ERROR(0x01) /* too short, or another magic */
#define SENSOR_OTHER_VERSION SENSOR_ERROR(0x02) /* of the format */
#define SENSOR_BAD_HEADER SENSOR_ERROR(0x03)    /* a field of the header has a value that it cannot have */
#define SENSOR_BAD_SIZE SENSOR_ERROR(0x04)      /* the file is longer or shorter than it says */
#define SENSOR_BAD_CHECKSUM SENSOR_ERROR(0x05)
#define SENSOR_OUT_OF_FILE SENSOR_ERROR(0x06) /* a table, a record, a name or an operand does not lie in it */
#define SENSOR_TOO_MANY SENSOR_ERROR(0x07)    /* instances or criteria, for this build */
#define SENSOR_BAD_TYPE SENSOR_ERROR(0x08)    /* a template type or one of its inputs, as the content has it */
#define SENSOR_BAD_GROUP SENSOR_ERROR(0x09)   /* or two groups that overlap, or too many parents */
#define SENSOR_BAD_INSTANCE SENSOR_ERROR(0x0A)
#define SENSOR_BAD_CHAIN SENSOR_ERROR(0x0B) /* of instances: it leads nowhere or in a circle */
#define SENSOR_BAD_CRITERION SENSOR_ERROR(0x0C)
#define SENSOR_TYPE_UNKNOWN SENSOR_ERROR(0x10)    /* a criterion is to be evaluated and this build has no such type */
#define SENSOR_INPUT_UNDEFINED SENSOR_ERROR(0x11) /* the same for an input that the build does not define */
#define SENSOR_NO_ROOM SENSOR_ERROR(0x12)         /* the memory given is smaller than sensor_measure said */
#define SENSOR_BAD_EVENT SENSOR_ERROR(0x20)       /* another number of inputs than the type defines, or no such type */
#define SENSOR_INPUT_NOT_SUPPLIED SENSOR_ERROR(0x21) /* a criterion names an input beyond the array */

/* ---- What a build knows of a template type ----------------------------------------------------------------- */

struct sensor_definition {
  uint32_t type;
  const char* name;
  uint32_t num_inputs;
  const uint8_t* kinds; /* enum sensor_kind, one for each input */
  uint32_t wide;        /* bit i: the number that is input i has 64 bits */
};

/* Null if this build has no such type. */
const struct sensor_definition* sensor_definition(uint32_t type);

/* All of them, `*num_types` in number. */
const struct sensor_definition* sensor_definitions(uint32_t* num_types);

/* ---- Loaded content ---------------------------------------------------------------------------------------- */

struct sensor_criterion {
  uint16_t input;
  uint8_t op;
  uint8_t kind;
  uint32_t size;          /* of the operand, in bytes */
  const uint8_t* operand; /* in the content; not aligned for certain */
};

struct sensor_instance {
  uint32_t id;
  uint16_t num_criteria;
  uint8_t state;
  uint8_t action;
  uint32_t first_criterion;
  uint32_t next;                              /* 0, or one more than an index */
  uint32_t group;                             /* the same */
  const struct sensor_definition* definition; /* null: this build does not know the type, and skips the instance */
};

struct sensor_group {
  uint32_t parent; /* 0, or one more than an index */
  uint32_t state;
};

/* Counts are never more than the build's caps, and every index is below its count. */
struct sensor {
  uint32_t num_groups;
  uint32_t num_instances;
  struct sensor_group* groups;
  struct sensor_criterion* criteria;
  struct sensor_instance* instances;
};

/* How much memory the content takes, in `*needed`, which is not written on failure. That it can be measured does not
 * say that it can be loaded. */
sensor_status sensor_measure(const void* content, size_t size, size_t* needed);

/* Loads `content` into `memory`, which must be aligned to 8. On success `*loaded` lies in `memory` and refers to
 * `content`: both must outlive it. Nothing in it is to be freed. On failure `*loaded` is not written. */
sensor_status sensor_load(const void* content, size_t size, void* memory, size_t memory_size, struct sensor** loaded);

/* ---- Events ------------------------------------------------------------------------------------------------ */

struct sensor_value {
  uint16_t kind;      /* enum sensor_kind; SENSOR_NONE: the event has no such value */
  uint16_t unit_size; /* of text: 1, or 2 for UTF-16; of bytes: 1 */
  uint32_t length;    /* of text and bytes, in units */
  union {
    const void* units; /* of text and bytes; aligned to a unit */
    uint64_t number;
  };
};

/* What comes from the operating system, before the integration code. */
struct sensor_event {
  uint32_t type;
  uint32_t num_inputs;
  struct sensor_value inputs[SENSOR_MOST_INPUTS];
};

/* What the instances that matched amount to. */
struct sensor_verdict {
  uint32_t action; /* the strongest; 0: none matched */
  uint32_t num_matches;
  uint32_t hash;  /* of the ids that matched, in their order */
  uint32_t tired; /* 1: the fuel ran out, and what was not looked at did not match */
};

/* The verdict in one word: 2 bits of action, 1 bit tired, 29 bits of hash. */
uint32_t sensor_verdict_code(const struct sensor_verdict* verdict);

/* The integration code: gathers the event's inputs and has them interpreted. `*verdict` is written on success only. */
sensor_status sensor_evaluate(const struct sensor* sensor, const struct sensor_event* event,
                              struct sensor_verdict* verdict);

/* The interpreter: evaluates all enabled instances of a template type, in the order of the file. An instance matches if
 * all its criteria do; the first that does not is the last that is looked at. What matches hands on to `next`. An input
 * that is null matches nothing but a wildcard. */
sensor_status sensor_interpret(const struct sensor* sensor, uint32_t type, const struct sensor_value* const* inputs,
                               uint32_t num_inputs, struct sensor_verdict* verdict);

/* Where a trace is wanted: called before a criterion reads its input, with the places of both in the file. */
#ifdef SENSOR_TRACE
void sensor_reached(uint32_t instance, uint32_t criterion);
#define SENSOR_REACHED(instance, criterion) sensor_reached(instance, criterion)
#else
#define SENSOR_REACHED(instance, criterion) ((void)0)
#endif

/* ---- Regular expressions ----------------------------------------------------------------------------------- */

/* Whether the pattern matches somewhere in the text. Time is linear in the text's length, and memory is constant.
 * `*fuel` is what may be spent; at 0 the text does not match. Every pattern of printable ASCII of SENSOR_MAX_REGEX
 * characters at most means something:
 *
 *   ^ first, $ last            the text's begin and end
 *   .  [a-z]  [^a-z]  \c       any character; one of a class, or not; c itself, also in a class
 *   * + ?                      behind one of these or a character: any number, at least one, at most one
 *
 * What is none of these where it stands is itself: a repetition with nothing before it, a bracket that is not closed,
 * a backslash at the end. A range from high to low is empty. */
bool sensor_regex_matches(const uint8_t* pattern, uint32_t size, const struct sensor_value* text, uint32_t* fuel);

/* Whether sensor_regex_matches takes the pattern. */
bool sensor_regex_is_valid(const uint8_t* pattern, uint32_t size);

/* ---- Memory: a kernel has no <string.h> -------------------------------------------------------------------- */

#define sensor_copy(to, from, size) __builtin_memcpy((to), (from), (size))
#define sensor_zero(to, size) __builtin_memset((to), 0, (size))

/* Unit `i` of text or bytes. */
static inline uint32_t sensor_unit(const struct sensor_value* value, uint32_t i) {
  return value->unit_size == 2 ? ((const uint16_t*)value->units)[i] : ((const uint8_t*)value->units)[i];
}

#ifdef __cplusplus
}
#endif

#endif
