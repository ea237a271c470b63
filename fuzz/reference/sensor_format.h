/* Channel files as they lie in the file: little-endian, and nothing is aligned for certain.
 *
 *   header | crc32 of the rest | data | 0..3 zeros | template types | inputs | groups | instances
 *
 * Each instance is followed by its criteria. Operands and names lie in `data` and are referred to by offset and length.
 */
#ifndef SENSOR_FORMAT_H
#define SENSOR_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "records are copied as they lie in the file"
#endif

#define SENSOR_MAGIC 0x43524C53u /* SLRC */
#define SENSOR_FORMAT_VERSION 1u

#define SENSOR_LARGEST_DATA 0x1000000u
#define SENSOR_MOST_TYPES 4096u
#define SENSOR_MOST_TYPE_INPUTS 64u
#define SENSOR_MOST_INPUT_ROWS 0x40000u
#define SENSOR_MOST_GROUPS 0x10000u
#define SENSOR_MOST_CRITERIA 64u /* of one instance */
#define SENSOR_LONGEST_NAME 64u

struct sensor_file_header {
  uint32_t magic;
  uint16_t format_version;
  uint16_t channel_id;
  uint32_t version0; /* what this file replaces */
  uint32_t version1;
  /* Which builds the file is for decides who delivers it; the sensor takes what it is given. */
  char min_build[8];
  char max_build[8];
  uint32_t len_file;
  uint32_t ofs_data;
  uint32_t len_data;
  uint32_t ofs_template_types;
  uint32_t num_template_types;
  uint32_t ofs_inputs;
  uint32_t num_inputs;
  uint32_t ofs_groups;
  uint32_t num_groups;
  uint32_t ofs_instances;
  uint32_t num_instances;
  uint32_t body_crc; /* of everything behind it */
};

struct sensor_file_type {
  uint16_t id;
  uint16_t num_inputs;
  uint32_t ofs_name;
  uint16_t len_name;
  uint16_t reserved;
};

/* The kind of one input of one template type. */
struct sensor_file_input {
  uint16_t type_id;
  uint16_t number;
  uint16_t kind; /* enum sensor_kind */
  uint16_t reserved;
};

struct sensor_file_group {
  uint32_t id;
  uint32_t parent; /* 0, or one more than the index of a group */
  uint32_t first_instance;
  uint32_t num_instances;
  uint16_t state; /* enum sensor_state */
  uint16_t reserved;
};

struct sensor_file_instance {
  uint32_t id;
  uint16_t type_id;
  uint8_t state;  /* enum sensor_state */
  uint8_t action; /* enum sensor_action */
  uint32_t next;  /* 0, or one more than the index of an instance */
  uint16_t num_criteria;
  uint16_t reserved;
};

struct sensor_file_criterion {
  uint16_t input;
  uint8_t op;   /* enum sensor_op */
  uint8_t kind; /* enum sensor_kind, of the operand */
  uint32_t ofs_operand;
  uint32_t len_operand;
};

enum sensor_op {
  SENSOR_ANY = 0, /* a wildcard: the input is not read */
  SENSOR_EQUALS = 1,
  SENSOR_PREFIX = 2,
  SENSOR_SUFFIX = 3,
  SENSOR_CONTAINS = 4,
  SENSOR_IN_SET = 5,
  SENSOR_RANGE = 6,
  SENSOR_REGEX = 7,
};

enum sensor_kind { SENSOR_NONE = 0, SENSOR_TEXT = 1, SENSOR_NUMBER = 2, SENSOR_BYTES = 3 };
enum sensor_state { SENSOR_ENABLED = 1, SENSOR_DISABLED = 2 };
enum sensor_action { SENSOR_OBSERVE = 1, SENSOR_DETECT = 2, SENSOR_PREVENT = 3 };

#ifndef __cplusplus
_Static_assert(sizeof(struct sensor_file_header) == 80, "");
_Static_assert(offsetof(struct sensor_file_header, version0) == 8, "");
_Static_assert(offsetof(struct sensor_file_header, min_build) == 16, "");
_Static_assert(offsetof(struct sensor_file_header, len_file) == 32, "");
_Static_assert(offsetof(struct sensor_file_header, ofs_template_types) == 44, "");
_Static_assert(offsetof(struct sensor_file_header, num_instances) == 72, "");
_Static_assert(offsetof(struct sensor_file_header, body_crc) == 76, "");
_Static_assert(sizeof(struct sensor_file_type) == 12, "");
_Static_assert(offsetof(struct sensor_file_type, len_name) == 8, "");
_Static_assert(sizeof(struct sensor_file_input) == 8, "");
_Static_assert(sizeof(struct sensor_file_group) == 20, "");
_Static_assert(offsetof(struct sensor_file_group, state) == 16, "");
_Static_assert(sizeof(struct sensor_file_instance) == 16, "");
_Static_assert(offsetof(struct sensor_file_instance, next) == 8, "");
_Static_assert(sizeof(struct sensor_file_criterion) == 12, "");
_Static_assert(offsetof(struct sensor_file_criterion, ofs_operand) == 4, "");
#endif

#endif
