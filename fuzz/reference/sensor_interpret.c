/* The interpreter. It relies on what loading has checked, and on the inputs being as many as they should be. */
#include "sensor.h"

struct evaluation {
  const struct sensor* sensor;
  const struct sensor_definition* definition;
  const struct sensor_value* const* inputs;
  uint32_t num_inputs;
  uint32_t fuel;
  struct sensor_verdict verdict;
};

/* ---- Operators --------------------------------------------------------------------------------------------- */

/* False, and the evaluation is tired, if there is not that much left. */
static bool spend(struct evaluation* evaluation, uint32_t steps) {
  if (steps > evaluation->fuel) {
    evaluation->fuel = 0;
    evaluation->verdict.tired = 1;
    return false;
  }
  evaluation->fuel -= steps;
  return true;
}

/* Whether the operand stands in the value at unit `at`. It fits there. */
static bool stands_at(struct evaluation* evaluation, const struct sensor_criterion* criterion,
                      const struct sensor_value* value, uint32_t at) {
  for (uint32_t i = 0; i < criterion->size; i++) {
    if (!spend(evaluation, 1) || sensor_unit(value, at + i) != criterion->operand[i]) return false;
  }
  return true;
}

static bool contains(struct evaluation* evaluation, const struct sensor_criterion* criterion,
                     const struct sensor_value* value) {
  const uint32_t last = value->length - criterion->size;
  for (uint32_t at = 0; at <= last && evaluation->fuel != 0; at++) {
    if (stands_at(evaluation, criterion, value, at)) return true;
  }
  return false;
}

static bool matches_regex(struct evaluation* evaluation, const struct sensor_criterion* criterion,
                          const struct sensor_value* value) {
  if (sensor_regex_matches(criterion->operand, criterion->size, value, &evaluation->fuel)) return true;
  if (evaluation->fuel == 0) evaluation->verdict.tired = 1;
  return false;
}

/* Text and bytes. */
static bool compare_units(struct evaluation* evaluation, const struct sensor_criterion* criterion,
                          const struct sensor_value* value) {
  if (criterion->op == SENSOR_REGEX) return matches_regex(evaluation, criterion, value);
  if (criterion->size > value->length) return false;
  const uint32_t rest = value->length - criterion->size;
  switch (criterion->op) {
    case SENSOR_EQUALS: return rest == 0 && stands_at(evaluation, criterion, value, 0);
    case SENSOR_PREFIX: return stands_at(evaluation, criterion, value, 0);
    case SENSOR_SUFFIX: return stands_at(evaluation, criterion, value, rest);
    case SENSOR_CONTAINS: return contains(evaluation, criterion, value);
    default: return false;
  }
}

static uint32_t number_at(const struct sensor_criterion* criterion, uint32_t i) {
  uint32_t number;
  sensor_copy(&number, criterion->operand + i * sizeof number, sizeof number);
  return number;
}

static bool compare_number(struct evaluation* evaluation, const struct sensor_criterion* criterion, uint64_t number) {
  if (criterion->op == SENSOR_EQUALS) return number == number_at(criterion, 0);
  if (criterion->op == SENSOR_RANGE) return number_at(criterion, 0) <= number && number <= number_at(criterion, 1);
  for (uint32_t i = 0; i < criterion->size / sizeof(uint32_t); i++) {
    if (!spend(evaluation, 1)) return false;
    if (number == number_at(criterion, i)) return true;
  }
  return false;
}

/* ---- Criteria and instances -------------------------------------------------------------------------------- */

/* Not inlined: where an image has it, sluice sees which criterion is about to be looked at. */
__attribute__((noinline)) static sensor_status match_criterion(struct evaluation* evaluation,
                                                               const struct sensor_criterion* criterion,
                                                               bool* matches) {
#if SENSOR_CHECKS_INDEX
  if (criterion->input >= evaluation->num_inputs) return SENSOR_INPUT_NOT_SUPPLIED;
#endif
  const struct sensor_value* value = evaluation->inputs[criterion->input];
  *matches = false;
  if (value == NULL || value->kind != criterion->kind) return SENSOR_OK;
  if (value->kind == SENSOR_NUMBER) {
    *matches = compare_number(evaluation, criterion, value->number);
  } else {
    *matches = compare_units(evaluation, criterion, value);
  }
  return SENSOR_OK;
}

static sensor_status match_instance(struct evaluation* evaluation, uint32_t i, bool* matches) {
  const struct sensor_instance* instance = &evaluation->sensor->instances[i];
  const struct sensor_criterion* criteria = evaluation->sensor->criteria + instance->first_criterion;
  *matches = true;
  for (uint32_t c = 0; *matches && c < instance->num_criteria; c++) {
    if (!spend(evaluation, 1)) {
      *matches = false;
      return SENSOR_OK;
    }
    if (criteria[c].op == SENSOR_ANY) continue;
    SENSOR_REACHED(i, c);
    const sensor_status status = match_criterion(evaluation, &criteria[c], matches);
    if (status != SENSOR_OK) return status;
  }
  return SENSOR_OK;
}

/* A group is on if its parents are. No deeper than loading allows: a kernel stack is small. */
static bool group_is_on(const struct sensor* sensor, uint32_t group, uint32_t depth) {
  if (group == 0) return true;
  if (depth > SENSOR_MAX_DEPTH) return false;
  const struct sensor_group* it = &sensor->groups[group - 1];
  return it->state == SENSOR_ENABLED && group_is_on(sensor, it->parent, depth + 1);
}

static bool is_due(const struct evaluation* evaluation, uint32_t i) {
  const struct sensor_instance* instance = &evaluation->sensor->instances[i];
  return instance->definition == evaluation->definition && instance->state == SENSOR_ENABLED &&
         group_is_on(evaluation->sensor, instance->group, 0);
}

static void count_match(struct sensor_verdict* verdict, const struct sensor_instance* instance) {
  if (instance->action > verdict->action) verdict->action = instance->action;
  verdict->num_matches++;
  for (uint32_t shift = 0; shift < 32; shift += 8) { /* FNV-1a */
    verdict->hash = (verdict->hash ^ (instance->id >> shift & 0xFF)) * 16777619u;
  }
}

/* The instance, and what it hands on to. A chain ends where an instance is off, or of another type and has other
 * inputs. */
static sensor_status follow_chain(struct evaluation* evaluation, uint32_t first) {
  for (uint32_t number = first + 1; number != 0;) {
    const struct sensor_instance* instance = &evaluation->sensor->instances[number - 1];
    bool matches = false;
    if (!is_due(evaluation, number - 1) || !spend(evaluation, 1)) return SENSOR_OK;
    const sensor_status status = match_instance(evaluation, number - 1, &matches);
    if (status != SENSOR_OK) return status;
    if (!matches) return SENSOR_OK;
    count_match(&evaluation->verdict, instance);
    number = instance->next;
  }
  return SENSOR_OK;
}

sensor_status sensor_interpret(const struct sensor* sensor, uint32_t type, const struct sensor_value* const* inputs,
                               uint32_t num_inputs, struct sensor_verdict* verdict) {
  struct evaluation evaluation = {sensor,      sensor_definition(type), inputs, num_inputs,
                                  SENSOR_FUEL, {0, 0, 2166136261u, 0}};
  for (uint32_t i = 0; i < sensor->num_instances; i++) {
    const sensor_status status = follow_chain(&evaluation, i);
    if (status != SENSOR_OK) return status;
  }
  *verdict = evaluation.verdict;
  return SENSOR_OK;
}

uint32_t sensor_verdict_code(const struct sensor_verdict* verdict) {
  return verdict->action << 30 | verdict->tired << 29 | ((verdict->hash ^ verdict->num_matches) & 0x1FFFFFFF);
}
