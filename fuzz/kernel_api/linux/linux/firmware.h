/* There is no file system: an adapter defines request_firmware() and release_firmware() and hands out its content. */
#ifndef SLUICE_LINUX_FIRMWARE_H
#define SLUICE_LINUX_FIRMWARE_H

#include <linux/types.h>

struct firmware {
  size_t size;
  const u8* data;
  void* priv;
};

struct device;
int request_firmware(const struct firmware** firmware, const char* name, struct device* device);
void release_firmware(const struct firmware* firmware);

#endif
