#ifndef SLUICE_LINUX_SORT_H
#define SLUICE_LINUX_SORT_H

#include <linux/types.h>

void sort(void* base, size_t count, size_t size, int (*compare)(const void*, const void*),
          void (*swap_elements)(void*, void*, int size));

#endif
