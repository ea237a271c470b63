#ifndef SLUICE_LINUX_MM_H
#define SLUICE_LINUX_MM_H

#include <asm/page.h>
#include <linux/align.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#define PAGE_ALIGN(address) ALIGN(address, PAGE_SIZE)

#endif
