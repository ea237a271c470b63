/* x86-64 is little-endian. */
#ifndef SLUICE_ASM_BYTEORDER_H
#define SLUICE_ASM_BYTEORDER_H

#include <linux/types.h>

#define __LITTLE_ENDIAN 1234
#define cpu_to_le16(value) ((__le16)(value))
#define le16_to_cpu(value) ((u16)(value))
#define cpu_to_be16(value) ((__be16)__builtin_bswap16(value))
#define be16_to_cpu(value) ((u16)__builtin_bswap16(value))
#define le16_to_cpup(at) le16_to_cpu(*(at))
#define be16_to_cpup(at) be16_to_cpu(*(at))
#define le16_to_cpus(at) ((void)(at))
#define be16_to_cpus(at) ((void)(*(at) = be16_to_cpu(*(at))))
#define swab16(value) __builtin_bswap16(value)

#define cpu_to_le32(value) ((__le32)(value))
#define le32_to_cpu(value) ((u32)(value))
#define cpu_to_be32(value) ((__be32)__builtin_bswap32(value))
#define be32_to_cpu(value) ((u32)__builtin_bswap32(value))
#define le32_to_cpup(at) le32_to_cpu(*(at))
#define be32_to_cpup(at) be32_to_cpu(*(at))
#define le32_to_cpus(at) ((void)(at))
#define be32_to_cpus(at) ((void)(*(at) = be32_to_cpu(*(at))))
#define swab32(value) __builtin_bswap32(value)

#define cpu_to_le64(value) ((__le64)(value))
#define le64_to_cpu(value) ((u64)(value))
#define cpu_to_be64(value) ((__be64)__builtin_bswap64(value))
#define be64_to_cpu(value) ((u64)__builtin_bswap64(value))
#define le64_to_cpup(at) le64_to_cpu(*(at))
#define be64_to_cpup(at) be64_to_cpu(*(at))
#define le64_to_cpus(at) ((void)(at))
#define be64_to_cpus(at) ((void)(*(at) = be64_to_cpu(*(at))))
#define swab64(value) __builtin_bswap64(value)

#define htons cpu_to_be16
#define htonl cpu_to_be32
#define ntohs be16_to_cpu
#define ntohl be32_to_cpu

static inline void le16_add_cpu(__le16* at, u16 value) { *at = (__le16)(*at + value); }
static inline void le32_add_cpu(__le32* at, u32 value) { *at += value; }

#endif
