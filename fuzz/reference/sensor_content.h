/* A channel file with its tables in place: the header is checked, and every table lies in the file. What is in the
 * tables is not checked yet. Private to the loading. */
#ifndef SENSOR_CONTENT_H
#define SENSOR_CONTENT_H

#include "sensor.h"

struct sensor_content {
  const uint8_t* bytes;
  uint32_t size;
  struct sensor_file_header header;
};

/* `*content` is in an undefined state on failure. */
sensor_status sensor_open(const void* bytes, size_t size, struct sensor_content* content);

/* Record `i` of a table. `i` is below the table's count. */
struct sensor_file_type sensor_type_at(const struct sensor_content* content, uint32_t i);
struct sensor_file_input sensor_input_at(const struct sensor_content* content, uint32_t i);
struct sensor_file_group sensor_group_at(const struct sensor_content* content, uint32_t i);

/* The record at an offset, which moves behind it. False, and nothing moved, if the file ends before. */
bool sensor_next_instance(const struct sensor_content* content, uint32_t* offset,
                          struct sensor_file_instance* instance);
bool sensor_next_criterion(const struct sensor_content* content, uint32_t* offset,
                           struct sensor_file_criterion* criterion);

/* Whether `size` bytes at `offset` lie in a region of `whole` bytes. */
static inline bool sensor_lies_in(uint32_t offset, uint32_t size, uint32_t whole) {
  return offset <= whole && size <= whole - offset;
}

#endif
