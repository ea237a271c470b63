#define GATHER                                           \
  static void gather(const struct sluice_event* event) { \
    (void)event;                                         \
    sum = *(volatile uint32_t*)8;                        \
  }
#include "measured.h"
