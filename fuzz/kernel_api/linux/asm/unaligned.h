#ifndef SLUICE_ASM_UNALIGNED_H
#define SLUICE_ASM_UNALIGNED_H

#include <linux/unaligned.h>

#endif
