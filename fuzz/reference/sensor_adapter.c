/* How sluice calls the reference sensor, as a replica. Linked with -Wl,--wrap=sensor_interpret. */
#include <string.h>

#include "fuzz/target/target.h"
#include "sensor_driver.h"

/* ---- Load and unload ------------------------------------------------------------------------------------------ */

static struct sluice_result result_of(NTSTATUS status) {
  const struct sluice_result result = {NT_SUCCESS(status) ? SLUICE_ACCEPTED : SLUICE_REFUSED, (uint32_t)status};
  return result;
}

static struct sluice_result load(const void* content, size_t size) {
  static DRIVER_OBJECT driver;
  static bool is_started;
  if (!is_started) {
    const NTSTATUS status = DriverEntry(&driver, NULL);
    if (!NT_SUCCESS(status)) return result_of(status);
    is_started = true;
  }
  return result_of(SensorLoad(content, size));
}

/* ---- Events --------------------------------------------------------------------------------------------------- */

/* Text comes in either width. What does not fit the definition is left as absent. */
static struct sensor_value value_of(const struct sluice_input* input, uint32_t defined_kind) {
  struct sensor_value value = {SENSOR_NONE, 1, 0, {NULL}};
  if (input->kind == SLUICE_U32 || input->kind == SLUICE_U64) {
    value.kind = SENSOR_NUMBER;
    value.number = 0;
    memcpy(&value.number, input->data, input->kind == SLUICE_U32 ? 4 : 8);
  } else if (input->kind == SLUICE_UTF16) {
    value.kind = SENSOR_TEXT;
    value.unit_size = 2;
    value.length = input->size / 2;
    value.units = input->data;
  } else if (input->kind == SLUICE_BYTES) {
    value.kind = defined_kind == SENSOR_TEXT ? SENSOR_TEXT : SENSOR_BYTES;
    value.length = input->size;
    value.units = input->data;
  }
  return value;
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  struct sensor_event raw = {event->type, event->num_inputs, {{SENSOR_NONE, 0, 0, {NULL}}}};
  const struct sensor_definition* definition = sensor_definition(event->type);
  for (uint32_t i = 0; definition != NULL && i < event->num_inputs && i < definition->num_inputs; i++) {
    raw.inputs[i] = value_of(&event->inputs[i], definition->kinds[i]);
  }
  ULONG code = 0;
  const NTSTATUS status = SensorEvaluate(&raw, &code);
  struct sluice_result result = result_of(status);
  if (result.status == SLUICE_ACCEPTED) result.code = (uint32_t)code;
  return result;
}

/* ---- What the sensor says of itself --------------------------------------------------------------------------- */

static uint32_t event_kind(const struct sensor_definition* definition, uint32_t i) {
  switch (definition->kinds[i]) {
    case SENSOR_TEXT: return SLUICE_UTF16;
    case SENSOR_NUMBER: return definition->wide >> i & 1 ? SLUICE_U64 : SLUICE_U32;
    default: return SLUICE_BYTES;
  }
}

static const struct sluice_description* describe(void) {
  enum { MOST_TYPES = 3 };
  static struct sluice_template_type types[MOST_TYPES];
  static uint32_t kinds[MOST_TYPES][SENSOR_MOST_INPUTS];
  static struct sluice_description description = {0, types};
  const struct sensor_definition* definitions = sensor_definitions(&description.num_types);
  for (uint32_t t = 0; t < description.num_types; t++) {
    for (uint32_t i = 0; i < definitions[t].num_inputs; i++) kinds[t][i] = event_kind(&definitions[t], i);
    types[t].type = definitions[t].type;
    types[t].name = definitions[t].name;
    types[t].num_inputs = definitions[t].num_inputs;
    types[t].input_kinds = kinds[t];
  }
  return &description;
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
