#include "sensor_content.h"

/* CRC-32 of IEEE 802.3, four bits at a time. */
static uint32_t crc32_of(const uint8_t* bytes, size_t size) {
  static const uint32_t table[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                     0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                     0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  uint32_t crc = 0xFFFFFFFF;
  for (size_t i = 0; i < size; i++) {
    crc ^= bytes[i];
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}

static bool table_lies_in(uint32_t offset, uint32_t count, size_t record_size, uint32_t whole) {
  return offset <= whole && count <= (whole - offset) / record_size;
}

static sensor_status check_header(const struct sensor_file_header* header, size_t size) {
  if (header->magic != SENSOR_MAGIC) return SENSOR_NOT_A_CHANNEL;
  if (header->format_version != SENSOR_FORMAT_VERSION) return SENSOR_OTHER_VERSION;
  if (header->channel_id == 0) return SENSOR_BAD_HEADER;
  if (header->version1 <= header->version0) return SENSOR_BAD_HEADER;
  if (header->len_file != size) return SENSOR_BAD_SIZE;
  if (header->len_data > SENSOR_LARGEST_DATA) return SENSOR_BAD_HEADER;
  if (header->num_template_types == 0 || header->num_template_types > SENSOR_MOST_TYPES) return SENSOR_BAD_HEADER;
  if (header->num_inputs > SENSOR_MOST_INPUT_ROWS) return SENSOR_BAD_HEADER;
  if (header->num_groups > SENSOR_MOST_GROUPS) return SENSOR_BAD_HEADER;
  if (header->num_instances > SENSOR_MAX_INSTANCES) return SENSOR_TOO_MANY;
  return SENSOR_OK;
}

static sensor_status check_tables(const struct sensor_file_header* header, uint32_t size) {
  if (header->ofs_data < sizeof *header) return SENSOR_BAD_HEADER;
  if (!sensor_lies_in(header->ofs_data, header->len_data, size)) return SENSOR_OUT_OF_FILE;
  if (!table_lies_in(header->ofs_template_types, header->num_template_types, sizeof(struct sensor_file_type), size)) {
    return SENSOR_OUT_OF_FILE;
  }
  if (!table_lies_in(header->ofs_inputs, header->num_inputs, sizeof(struct sensor_file_input), size)) {
    return SENSOR_OUT_OF_FILE;
  }
  if (!table_lies_in(header->ofs_groups, header->num_groups, sizeof(struct sensor_file_group), size)) {
    return SENSOR_OUT_OF_FILE;
  }
  if (header->ofs_instances > size) return SENSOR_OUT_OF_FILE;
  return SENSOR_OK;
}

sensor_status sensor_open(const void* bytes, size_t size, struct sensor_content* content) {
  if (size < sizeof content->header || size > UINT32_MAX) return SENSOR_NOT_A_CHANNEL;
  content->bytes = bytes;
  content->size = (uint32_t)size;
  sensor_copy(&content->header, bytes, sizeof content->header);
  sensor_status status = check_header(&content->header, size);
  if (status != SENSOR_OK) return status;
  status = check_tables(&content->header, content->size);
  if (status != SENSOR_OK) return status;
  const size_t body = sizeof content->header;
  if (crc32_of(content->bytes + body, size - body) != content->header.body_crc) return SENSOR_BAD_CHECKSUM;
  return SENSOR_OK;
}

struct sensor_file_type sensor_type_at(const struct sensor_content* content, uint32_t i) {
  struct sensor_file_type type;
  sensor_copy(&type, content->bytes + content->header.ofs_template_types + i * sizeof type, sizeof type);
  return type;
}

struct sensor_file_input sensor_input_at(const struct sensor_content* content, uint32_t i) {
  struct sensor_file_input input;
  sensor_copy(&input, content->bytes + content->header.ofs_inputs + i * sizeof input, sizeof input);
  return input;
}

struct sensor_file_group sensor_group_at(const struct sensor_content* content, uint32_t i) {
  struct sensor_file_group group;
  sensor_copy(&group, content->bytes + content->header.ofs_groups + i * sizeof group, sizeof group);
  return group;
}

static bool next_record(const struct sensor_content* content, uint32_t* offset, void* record, uint32_t size) {
  if (!sensor_lies_in(*offset, size, content->size)) return false;
  sensor_copy(record, content->bytes + *offset, size);
  *offset += size;
  return true;
}

bool sensor_next_instance(const struct sensor_content* content, uint32_t* offset,
                          struct sensor_file_instance* instance) {
  return next_record(content, offset, instance, sizeof *instance);
}

bool sensor_next_criterion(const struct sensor_content* content, uint32_t* offset,
                           struct sensor_file_criterion* criterion) {
  return next_record(content, offset, criterion, sizeof *criterion);
}
