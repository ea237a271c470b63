/* The reference sensor as a driver: what a kernel would call. */
#ifndef SENSOR_DRIVER_H
#define SENSOR_DRIVER_H

#include <ntddk.h>

#include "sensor.h"

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD SensorDriverUnload;

/* Loads content in place of what is loaded; if it is refused, what was loaded stays. Copies what it keeps. */
NTSTATUS SensorLoad(const void* content, size_t size);

/* `*code` is sensor_verdict_code() of what matched, and is written on success only. */
NTSTATUS SensorEvaluate(const struct sensor_event* event, ULONG* code);

void SensorUnload(void);

#endif
