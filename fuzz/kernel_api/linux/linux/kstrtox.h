#ifndef SLUICE_LINUX_KSTRTOX_H
#define SLUICE_LINUX_KSTRTOX_H

#include <linux/kernel.h>

#endif
