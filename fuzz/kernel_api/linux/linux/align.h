#ifndef SLUICE_LINUX_ALIGN_H
#define SLUICE_LINUX_ALIGN_H

#define ALIGN(n, to) (((n) + ((__typeof__(n))(to) - 1)) & ~((__typeof__(n))(to) - 1))
#define ALIGN_DOWN(n, to) ((n) & ~((__typeof__(n))(to) - 1))
#define PTR_ALIGN(pointer, to) ((__typeof__(pointer))ALIGN((unsigned long)(pointer), (to)))
#define IS_ALIGNED(n, to) (((n) & ((__typeof__(n))(to) - 1)) == 0)

#endif
