/* The template types that this build defines. */
#include "sensor.h"

#define T SENSOR_TEXT
#define N SENSOR_NUMBER
#define B SENSOR_BYTES

/* image, command line, parent image, user, signer, hash, process id, parent id, session, integrity, flags, time */
static const uint8_t process_kinds[SENSOR_PROCESS_DEFINED] = {T, T, T, T, T, B, N, N, N, N, N, N};

/* path, extension, process image, user, first bytes, operation, attributes, size */
static const uint8_t file_kinds[SENSOR_FILE_DEFINED] = {T, T, T, T, B, N, N, N};

#if SENSOR_HAS_IPC
/* pipe, client and server with image, user and signer, ten numbers, two hashes, session, and added last: the endpoint
 */
static const uint8_t ipc_kinds[SENSOR_IPC_DEFINED] = {T, T, T, T, T, T, T, N, N, N, N, N, N, N, N, N, N, B, B, N, T};
#endif

#undef T
#undef N
#undef B

static const struct sensor_definition definitions[] = {
    {1, "process", SENSOR_PROCESS_DEFINED, process_kinds, 1u << 11},
    {2, "file", SENSOR_FILE_DEFINED, file_kinds, 1u << 7},
#if SENSOR_HAS_IPC
    {3, "ipc", SENSOR_IPC_DEFINED, ipc_kinds, 0},
#endif
};

const struct sensor_definition* sensor_definitions(uint32_t* num_types) {
  *num_types = (uint32_t)(sizeof definitions / sizeof *definitions);
  return definitions;
}

const struct sensor_definition* sensor_definition(uint32_t type) {
  for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++) {
    if (definitions[i].type == type) return &definitions[i];
  }
  return NULL;
}
