/* The WDK-style headers, for the files that define what they declare: replicas see these names and no others. */
#pragma GCC visibility push(default)
#include "fuzz/kernel_api/wdk/fltKernel.h"
#pragma GCC visibility pop
