#ifndef SLUICE_WDK_NTIFS_H
#define SLUICE_WDK_NTIFS_H

#include "ntddk.h"

#endif
