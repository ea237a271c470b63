#ifndef SLUICE_LINUX_CRC32_H
#define SLUICE_LINUX_CRC32_H

#include <linux/types.h>

u32 crc32_le(u32 crc, const unsigned char* bytes, size_t size);
u32 crc32_be(u32 crc, const unsigned char* bytes, size_t size);
#define crc32(seed, data, size) crc32_le(seed, (const unsigned char*)(data), size)

#endif
