/* The integration code: for each template type, what gathers an event's inputs and hands them to the interpreter. Each
 * keeps its array on the stack, of the length that it was written for. */
#include "sensor.h"

/* An input whose kind is not the defined one is as good as absent. */
static void gather(const struct sensor_definition* definition, const struct sensor_event* event,
                   const struct sensor_value** inputs, uint32_t num_inputs) {
  for (uint32_t i = 0; i < num_inputs; i++) {
    const struct sensor_value* value = &event->inputs[i];
    inputs[i] = value->kind == definition->kinds[i] ? value : NULL;
  }
}

static sensor_status evaluate_process(const struct sensor* sensor, const struct sensor_definition* definition,
                                      const struct sensor_event* event, struct sensor_verdict* verdict) {
  const struct sensor_value* inputs[SENSOR_PROCESS_SUPPLIED];
  gather(definition, event, inputs, SENSOR_PROCESS_SUPPLIED);
  return sensor_interpret(sensor, event->type, inputs, SENSOR_PROCESS_SUPPLIED, verdict);
}

static sensor_status evaluate_file(const struct sensor* sensor, const struct sensor_definition* definition,
                                   const struct sensor_event* event, struct sensor_verdict* verdict) {
  const struct sensor_value* inputs[SENSOR_FILE_SUPPLIED];
  gather(definition, event, inputs, SENSOR_FILE_SUPPLIED);
  return sensor_interpret(sensor, event->type, inputs, SENSOR_FILE_SUPPLIED, verdict);
}

#if SENSOR_HAS_IPC
static sensor_status evaluate_ipc(const struct sensor* sensor, const struct sensor_definition* definition,
                                  const struct sensor_event* event, struct sensor_verdict* verdict) {
  const struct sensor_value* inputs[SENSOR_IPC_SUPPLIED];
  gather(definition, event, inputs, SENSOR_IPC_SUPPLIED);
  return sensor_interpret(sensor, event->type, inputs, SENSOR_IPC_SUPPLIED, verdict);
}
#endif

sensor_status sensor_evaluate(const struct sensor* sensor, const struct sensor_event* event,
                              struct sensor_verdict* verdict) {
  const struct sensor_definition* definition = sensor_definition(event->type);
  if (definition == NULL || event->num_inputs != definition->num_inputs) return SENSOR_BAD_EVENT;
  switch (event->type) {
    case 1: return evaluate_process(sensor, definition, event, verdict);
    case 2: return evaluate_file(sensor, definition, event, verdict);
#if SENSOR_HAS_IPC
    case 3: return evaluate_ipc(sensor, definition, event, verdict);
#endif
    default: return SENSOR_BAD_EVENT;
  }
}
