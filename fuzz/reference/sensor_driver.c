#include "sensor_driver.h"

#define SENSOR_TAG 'rsnS' /* Snsr */

struct loaded_content {
  void* content;
  void* memory; /* what the sensor lies in */
  struct sensor* sensor;
};

static FAST_MUTEX g_lock;
static struct loaded_content g_loaded;

static void release(struct loaded_content* loaded) {
  if (loaded->memory != NULL) ExFreePoolWithTag(loaded->memory, SENSOR_TAG);
  if (loaded->content != NULL) ExFreePoolWithTag(loaded->content, SENSOR_TAG);
  RtlZeroMemory(loaded, sizeof *loaded);
}

/* The content is copied before it is looked at: nobody changes it between the check and the use. */
static NTSTATUS load(const void* content, size_t size, struct loaded_content* loaded) {
  size_t needed;
  if (size == 0) return (NTSTATUS)SENSOR_NOT_A_CHANNEL;
  loaded->content = ExAllocatePool2(POOL_FLAG_NON_PAGED, size, SENSOR_TAG);
  if (loaded->content == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  RtlCopyMemory(loaded->content, content, size);
  NTSTATUS status = (NTSTATUS)sensor_measure(loaded->content, size, &needed);
  if (!NT_SUCCESS(status)) return status;
  loaded->memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, needed, SENSOR_TAG);
  if (loaded->memory == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  return (NTSTATUS)sensor_load(loaded->content, size, loaded->memory, needed, &loaded->sensor);
}

NTSTATUS SensorLoad(const void* content, size_t size) {
  struct loaded_content loaded = {NULL, NULL, NULL};
  const NTSTATUS status = load(content, size, &loaded);
  if (!NT_SUCCESS(status)) {
    DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL, "sensor " SENSOR_BUILD_NAME ": content refused, 0x%08x\n",
               (ULONG)status);
    release(&loaded);
    return status;
  }
  ExAcquireFastMutex(&g_lock);
  struct loaded_content old = g_loaded;
  g_loaded = loaded;
  ExReleaseFastMutex(&g_lock);
  release(&old);
  return status;
}

NTSTATUS SensorEvaluate(const struct sensor_event* event, ULONG* code) {
  struct sensor_verdict verdict;
  NTSTATUS status = STATUS_DEVICE_NOT_READY;
  ExAcquireFastMutex(&g_lock);
  if (g_loaded.sensor != NULL) status = (NTSTATUS)sensor_evaluate(g_loaded.sensor, event, &verdict);
  ExReleaseFastMutex(&g_lock);
  if (NT_SUCCESS(status)) *code = sensor_verdict_code(&verdict);
  return status;
}

void SensorUnload(void) {
  ExAcquireFastMutex(&g_lock);
  struct loaded_content old = g_loaded;
  RtlZeroMemory(&g_loaded, sizeof g_loaded);
  ExReleaseFastMutex(&g_lock);
  release(&old);
}

void SensorDriverUnload(PDRIVER_OBJECT driver) {
  UNREFERENCED_PARAMETER(driver);
  SensorUnload();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path) {
  UNREFERENCED_PARAMETER(registry_path);
  ExInitializeFastMutex(&g_lock);
  driver->DriverUnload = SensorDriverUnload;
  DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, "sensor " SENSOR_BUILD_NAME "\n");
  return STATUS_SUCCESS;
}
