#ifndef SLUICE_LINUX_CONTAINER_OF_H
#define SLUICE_LINUX_CONTAINER_OF_H

#include <linux/types.h>

#define container_of(pointer, type, member) ((type*)((char*)(pointer) - offsetof(type, member)))
#define container_of_const container_of

#endif
