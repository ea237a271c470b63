/* The least that sluice needs to know of sensor.sys, and the one hook that guards its array of inputs. */
#include "fuzz/target/image.h"
#include "sensor.h"

static struct sluice_result result_of(uint64_t status, uint32_t code) {
  const bool is_error = (int32_t)status < 0; /* an NTSTATUS */
  return (struct sluice_result){is_error ? SLUICE_REFUSED : SLUICE_ACCEPTED, is_error ? (uint32_t)status : code};
}

/* sensor_interpret(sensor, type, inputs, ...) */
static void on_interpret(uint64_t* arguments) {
  arguments[2] = (uint64_t)sluice_guard_array("inputs", (uint32_t)arguments[1], (const void*)arguments[2], 8);
}

static void* evaluate_function;

static struct sluice_result load(const void* content, size_t size) {
  if (evaluate_function == NULL) sluice_image_on_call(sluice_image_symbol("sensor_interpret"), on_interpret);
  evaluate_function = sluice_image_symbol("SensorEvaluate");
  return result_of(sluice_image_call(sluice_image_symbol("SensorLoad"), 2, content, size), 0);
}

static struct sluice_result evaluate(const struct sluice_event* event) {
  struct sensor_event raw = {.type = event->type, .num_inputs = event->num_inputs};
  for (uint32_t i = 0; i < event->num_inputs && i < SENSOR_MOST_INPUTS; i++) {
    const struct sluice_input* input = &event->inputs[i];
    struct sensor_value* value = &raw.inputs[i];
    const bool is_text = input->kind == SLUICE_UTF16;
    value->kind = is_text ? SENSOR_TEXT : input->kind == SLUICE_BYTES ? SENSOR_BYTES : SENSOR_NUMBER;
    value->unit_size = is_text ? 2 : 1;
    value->length = input->size / value->unit_size;
    if (input->kind == SLUICE_ABSENT) value->kind = SENSOR_NONE;
    if (value->kind != SENSOR_NUMBER) value->units = input->data;
    if (value->kind == SENSOR_NUMBER) __builtin_memcpy(&value->number, input->data, input->size);
  }
  uint32_t code = 0;
  const uint64_t status = sluice_image_call(evaluate_function, 2, &raw, &code);
  return result_of(status, code);
}

static void unload(void) { sluice_image_call(sluice_image_symbol("SensorUnload"), 0); }

const struct sluice_target* sluice_target(void) {
  static const struct sluice_target target = {SLUICE_TARGET_VERSION, "sensor.sys", load, evaluate, unload, NULL};
  return &target;
}
