/* The kernel's types on x86-64. Needs nothing but the compiler. */
#ifndef SLUICE_LINUX_TYPES_H
#define SLUICE_LINUX_TYPES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8, __u8, uint8, u_char;
typedef uint16_t u16, __u16;
typedef uint32_t u32, __u32;
typedef unsigned long long u64, __u64;
typedef int8_t s8, __s8;
typedef int16_t s16, __s16;
typedef int32_t s32, __s32;
typedef long long s64, __s64;
typedef unsigned int uint;
typedef unsigned short ushort;
typedef unsigned long ulong;

/* Of a byte order that sparse checks and a compiler does not. */
typedef __u16 __le16, __be16, __sum16;
typedef __u32 __le32, __be32, __wsum;
typedef __u64 __le64, __be64;

typedef long ssize_t;
typedef long long loff_t;
typedef unsigned int gfp_t, fmode_t;
typedef unsigned short umode_t;
typedef u64 phys_addr_t, dma_addr_t, resource_size_t;

typedef struct {
  int counter;
} atomic_t;

struct list_head {
  struct list_head *next, *prev;
};

struct hlist_head {
  struct hlist_node* first;
};

struct hlist_node {
  struct hlist_node *next, **pprev;
};

struct rcu_head {
  struct rcu_head* next;
  void (*func)(struct rcu_head* head);
};
#define callback_head rcu_head

#define BITS_PER_LONG 64
#define BITS_PER_BYTE 8
#define BITS_TO_LONGS(bits) (((bits) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

#endif
