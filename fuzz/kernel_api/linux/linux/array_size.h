#ifndef SLUICE_LINUX_ARRAY_SIZE_H
#define SLUICE_LINUX_ARRAY_SIZE_H

#include <linux/kernel.h>

#endif
