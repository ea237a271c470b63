#define GATHER \
  static void gather(const struct sluice_event* event) { sum = event->type; }
#include "measured.h"
