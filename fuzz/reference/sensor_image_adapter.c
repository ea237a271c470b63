/* How sluice calls the reference sensor as it ships: an image, whatever its build. */
#include "fuzz/target/image.h"
#include "sensor_driver.h"
#include "sensor_events.h"

static void* load_function;
static void* evaluate_function;
static void* unload_function;
static void* definition_function;

/* ---- What sluice sees of the interpreter ------------------------------------------------------------------------ */

/* sensor_interpret(sensor, type, inputs, ...) */
static void on_interpret(uint64_t* arguments) {
  arguments[2] =
      (uint64_t)sluice_guard_array("inputs", (uint32_t)arguments[1], (const void*)arguments[2], sizeof(void*));
}

/* match_criterion(evaluation, criterion, ...): the evaluation begins with its sensor. */
static void on_criterion(uint64_t* arguments) {
  const struct sensor* sensor = *(const struct sensor* const*)arguments[0];
  const uint32_t index = (uint32_t)((const struct sensor_criterion*)arguments[1] - sensor->criteria);
  for (uint32_t i = 0; i < sensor->num_instances; i++) {
    const uint32_t first = sensor->instances[i].first_criterion;
    if (index - first < sensor->instances[i].num_criteria) return sluice_reached(i, index - first);
  }
}

/* ---- Load, evaluate, unload ---------------------------------------------------------------------------------------
 */

static NTSTATUS start(void) {
  static DRIVER_OBJECT driver;
  load_function = sluice_image_symbol("SensorLoad");
  evaluate_function = sluice_image_symbol("SensorEvaluate");
  unload_function = sluice_image_symbol("SensorUnload");
  definition_function = sluice_image_symbol("sensor_definition");
  sluice_image_on_call(sluice_image_symbol("sensor_interpret"), on_interpret);
  sluice_image_on_call(sluice_image_symbol("match_criterion"), on_criterion);
  return (NTSTATUS)sluice_image_call(sluice_image_symbol("@entry"), 2, &driver, NULL);
}

static struct sluice_result load(const void* content, size_t size) {
  if (load_function == NULL) {
    const NTSTATUS status = start();
    if (!NT_SUCCESS(status)) return sensor_result_of((uint32_t)status, 0);
  }
  return sensor_result_of((uint32_t)sluice_image_call(load_function, 2, content, size), 0);
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  struct sensor_event raw;
  const uint64_t definition = sluice_image_call(definition_function, 1, event->type);
  sensor_event_of(event, (const struct sensor_definition*)definition, &raw);
  ULONG code = 0;
  const uint64_t status = sluice_image_call(evaluate_function, 2, &raw, &code);
  return sensor_result_of((uint32_t)status, (uint32_t)code);
}

static void unload(void) { sluice_image_call(unload_function, 0); }

/* ---------------------------------------------------------------------------------------------------------------- */

static const struct sluice_description* describe(void) {
  uint32_t num_types = 0;
  const uint64_t definitions = sluice_image_call(sluice_image_symbol("sensor_definitions"), 1, &num_types);
  return sensor_description_of((const struct sensor_definition*)definitions, num_types);
}

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {
      SLUICE_TARGET_VERSION, "reference-sensor", load, evaluate, unload, describe};
  return &target;
}
