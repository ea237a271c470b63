#ifndef SLUICE_LINUX_UNALIGNED_H
#define SLUICE_LINUX_UNALIGNED_H

#include <asm/byteorder.h>

#define get_unaligned(pointer)                                      \
  ({                                                                \
    const struct {                                                  \
      __typeof__(*(pointer)) value;                                 \
    } __attribute__((__packed__))* get_at = (const void*)(pointer); \
    get_at->value;                                                  \
  })
#define put_unaligned(what, pointer)                          \
  do {                                                        \
    struct {                                                  \
      __typeof__(*(pointer)) value;                           \
    } __attribute__((__packed__))* put_at = (void*)(pointer); \
    put_at->value = (what);                                   \
  } while (0)

static inline u16 get_unaligned_le16(const void* at) { return le16_to_cpu(get_unaligned((const __le16*)at)); }
static inline u32 get_unaligned_le32(const void* at) { return le32_to_cpu(get_unaligned((const __le32*)at)); }
static inline u64 get_unaligned_le64(const void* at) { return le64_to_cpu(get_unaligned((const __le64*)at)); }
static inline u16 get_unaligned_be16(const void* at) { return be16_to_cpu(get_unaligned((const __be16*)at)); }
static inline u32 get_unaligned_be32(const void* at) { return be32_to_cpu(get_unaligned((const __be32*)at)); }
static inline u64 get_unaligned_be64(const void* at) { return be64_to_cpu(get_unaligned((const __be64*)at)); }
static inline u32 get_unaligned_be24(const u8* at) { return (u32)at[0] << 16 | (u32)at[1] << 8 | at[2]; }
static inline u32 get_unaligned_le24(const u8* at) { return (u32)at[2] << 16 | (u32)at[1] << 8 | at[0]; }
static inline void put_unaligned_le16(u16 value, void* at) { put_unaligned(cpu_to_le16(value), (__le16*)at); }
static inline void put_unaligned_le32(u32 value, void* at) { put_unaligned(cpu_to_le32(value), (__le32*)at); }
static inline void put_unaligned_le64(u64 value, void* at) { put_unaligned(cpu_to_le64(value), (__le64*)at); }
static inline void put_unaligned_be16(u16 value, void* at) { put_unaligned(cpu_to_be16(value), (__be16*)at); }
static inline void put_unaligned_be32(u32 value, void* at) { put_unaligned(cpu_to_be32(value), (__be32*)at); }
static inline void put_unaligned_be64(u64 value, void* at) { put_unaligned(cpu_to_be64(value), (__be64*)at); }

#endif
