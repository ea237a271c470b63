#ifndef SLUICE_LINUX_COMPILER_ATTRIBUTES_H
#define SLUICE_LINUX_COMPILER_ATTRIBUTES_H

#include <linux/compiler.h>

#endif
