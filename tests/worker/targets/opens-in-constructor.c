#include <fcntl.h>
#include "misbehave.h"
__attribute__((constructor)) static void begin(void) { open("/etc/passwd", O_RDONLY); }
