/* Of a device only that messages name it. */
#ifndef SLUICE_LINUX_DEVICE_H
#define SLUICE_LINUX_DEVICE_H

#include <linux/printk.h>

struct device {
  const char* init_name;
  void* driver_data;
};

static inline const char* dev_name(const struct device* device) {
  return device != NULL && device->init_name != NULL ? device->init_name : "device";
}
static inline void* dev_get_drvdata(const struct device* device) { return device->driver_data; }
static inline void dev_set_drvdata(struct device* device, void* data) { device->driver_data = data; }

#define dev_printk(level, device, format, ...) _printk(level "%s: " format, dev_name(device), ##__VA_ARGS__)
#define dev_err(device, format, ...) dev_printk(KERN_ERR, device, format, ##__VA_ARGS__)
#define dev_warn(device, format, ...) dev_printk(KERN_WARNING, device, format, ##__VA_ARGS__)
#define dev_info(device, format, ...) dev_printk(KERN_INFO, device, format, ##__VA_ARGS__)
#define dev_dbg(device, format, ...) dev_printk(KERN_DEBUG, device, format, ##__VA_ARGS__)

#endif
