/* The Linux-style headers, for the files that define what they declare: replicas see these names and no others. */
#pragma GCC visibility push(default)
#include <linux/crc32.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#pragma GCC visibility pop
