#ifndef SLUICE_WDK_NTDDK_H
#define SLUICE_WDK_NTDDK_H

#include "wdm.h"

#endif
