#ifndef SLUICE_LINUX_BSEARCH_H
#define SLUICE_LINUX_BSEARCH_H

#include <linux/types.h>

void* bsearch(const void* key, const void* base, size_t count, size_t size, int (*compare)(const void*, const void*));

#endif
