#ifndef SLUICE_LINUX_SWAB_H
#define SLUICE_LINUX_SWAB_H

#include <asm/byteorder.h>

#endif
