#ifndef SLUICE_LINUX_COMPILER_TYPES_H
#define SLUICE_LINUX_COMPILER_TYPES_H

#include <linux/compiler.h>

#endif
