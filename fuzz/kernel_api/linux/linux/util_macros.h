#ifndef SLUICE_LINUX_UTIL_MACROS_H
#define SLUICE_LINUX_UTIL_MACROS_H

#include <linux/kernel.h>

#endif
