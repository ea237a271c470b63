#include "sensor_events.h"

#include <string.h>

struct sluice_result sensor_result_of(uint32_t status, uint32_t code) {
  const bool is_success = (int32_t)status >= 0;
  const struct sluice_result result = {is_success ? SLUICE_ACCEPTED : SLUICE_REFUSED, is_success ? code : status};
  return result;
}

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

void sensor_event_of(const struct sluice_event* event, const struct sensor_definition* definition,
                     struct sensor_event* raw) {
  memset(raw, 0, sizeof *raw);
  raw->type = event->type;
  raw->num_inputs = event->num_inputs;
  for (uint32_t i = 0; definition != NULL && i < event->num_inputs && i < definition->num_inputs; i++) {
    raw->inputs[i] = value_of(&event->inputs[i], definition->kinds[i]);
  }
}

static uint32_t event_kind(const struct sensor_definition* definition, uint32_t i) {
  switch (definition->kinds[i]) {
    case SENSOR_TEXT: return SLUICE_UTF16;
    case SENSOR_NUMBER: return definition->wide >> i & 1 ? SLUICE_U64 : SLUICE_U32;
    default: return SLUICE_BYTES;
  }
}

const struct sluice_description* sensor_description_of(const struct sensor_definition* definitions,
                                                       uint32_t num_types) {
  enum { MOST_TYPES = 3 };
  static struct sluice_template_type types[MOST_TYPES];
  static uint32_t kinds[MOST_TYPES][SENSOR_MOST_INPUTS];
  static struct sluice_description description = {0, types};
  description.num_types = num_types < MOST_TYPES ? num_types : MOST_TYPES;
  for (uint32_t t = 0; t < description.num_types; t++) {
    for (uint32_t i = 0; i < definitions[t].num_inputs; i++) kinds[t][i] = event_kind(&definitions[t], i);
    types[t].type = definitions[t].type;
    types[t].name = definitions[t].name;
    types[t].num_inputs = definitions[t].num_inputs;
    types[t].input_kinds = kinds[t];
  }
  return &description;
}
