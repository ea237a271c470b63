#ifndef SLUICE_LINUX_VMALLOC_H
#define SLUICE_LINUX_VMALLOC_H

#include <linux/types.h>

void* vmalloc(unsigned long size);
void* vzalloc(unsigned long size);
void vfree(const void* memory);

#endif
