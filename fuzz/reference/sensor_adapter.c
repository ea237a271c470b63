/* How sluice calls the reference sensor, as a replica. Linked with -Wl,--wrap=sensor_interpret. */
#include "fuzz/target/target.h"
#include "sensor_driver.h"
#include "sensor_events.h"

/* ---- Load, evaluate --------------------------------------------------------------------------------------------- */

static struct sluice_result load(const void* content, size_t size) {
  static DRIVER_OBJECT driver;
  static bool is_started;
  if (!is_started) {
    const NTSTATUS status = DriverEntry(&driver, NULL);
    if (!NT_SUCCESS(status)) return sensor_result_of((uint32_t)status, 0);
    is_started = true;
  }
  return sensor_result_of((uint32_t)SensorLoad(content, size), 0);
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  struct sensor_event raw;
  sensor_event_of(event, sensor_definition(event->type), &raw);
  ULONG code = 0;
  const NTSTATUS status = SensorEvaluate(&raw, &code);
  return sensor_result_of((uint32_t)status, (uint32_t)code);
}

static const struct sluice_description* describe(void) {
  uint32_t num_types;
  const struct sensor_definition* definitions = sensor_definitions(&num_types);
  return sensor_description_of(definitions, num_types);
}

/* ---- What sluice sees of the interpreter ---------------------------------------------------------------------- */

void sensor_reached(uint32_t instance, uint32_t criterion) { sluice_reached(instance, criterion); }

sensor_status __real_sensor_interpret(const struct sensor* sensor, uint32_t type,
                                      const struct sensor_value* const* inputs, uint32_t num_inputs,
                                      struct sensor_verdict* verdict);
sensor_status __wrap_sensor_interpret(const struct sensor* sensor, uint32_t type,
                                      const struct sensor_value* const* inputs, uint32_t num_inputs,
                                      struct sensor_verdict* verdict);

sensor_status __wrap_sensor_interpret(const struct sensor* sensor, uint32_t type,
                                      const struct sensor_value* const* inputs, uint32_t num_inputs,
                                      struct sensor_verdict* verdict) {
  inputs = sluice_guard_array("inputs", type, inputs, sizeof *inputs);
  return __real_sensor_interpret(sensor, type, inputs, num_inputs, verdict);
}

/* --------------------------------------------------------------------------------------------------------------- */

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {
      SLUICE_TARGET_VERSION, "reference-sensor " SENSOR_BUILD_NAME, load, evaluate, SensorUnload, describe};
  return &target;
}
