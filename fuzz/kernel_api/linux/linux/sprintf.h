#ifndef SLUICE_LINUX_SPRINTF_H
#define SLUICE_LINUX_SPRINTF_H

#include <linux/kernel.h>

#endif
