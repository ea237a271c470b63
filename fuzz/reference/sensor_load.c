/* Loading: the tables of a channel file become instances, criteria and groups in the caller's memory. What is checked
 * here is not checked again when an event is evaluated. */
#include "sensor_content.h"

/* What the content says of the template types that this build knows, by their place in sensor_definitions(). */
struct known_types {
  const struct sensor_definition* definitions;
  uint32_t num;
  uint8_t kinds[4][SENSOR_MOST_TYPE_INPUTS]; /* SENSOR_NONE where there is no row */
};

static uint8_t* kinds_of(struct known_types* known, uint32_t type) {
  for (uint32_t i = 0; i < known->num; i++) {
    if (known->definitions[i].type == type) return known->kinds[i];
  }
  return NULL;
}

/* ---- Template types and their inputs ----------------------------------------------------------------------- */

static sensor_status check_types(const struct sensor_content* content) {
  const struct sensor_file_header* header = &content->header;
  for (uint32_t i = 0; i < header->num_template_types; i++) {
    const struct sensor_file_type type = sensor_type_at(content, i);
    if (type.id == 0 || type.reserved != 0) return SENSOR_BAD_TYPE;
    if (type.num_inputs == 0 || type.num_inputs > SENSOR_MOST_TYPE_INPUTS) return SENSOR_BAD_TYPE;
    if (type.len_name == 0 || type.len_name > SENSOR_LONGEST_NAME) return SENSOR_BAD_TYPE;
    if (!sensor_lies_in(type.ofs_name, type.len_name, header->len_data)) return SENSOR_OUT_OF_FILE;
  }
  return SENSOR_OK;
}

/* 0 where the content has no such type, and where it has it twice and nobody knows which one is meant. */
static uint32_t num_inputs_of(const struct sensor_content* content, uint32_t type_id) {
  uint32_t found = 0;
  for (uint32_t i = 0; i < content->header.num_template_types; i++) {
    const struct sensor_file_type type = sensor_type_at(content, i);
    if (type.id != type_id) continue;
    if (found != 0) return 0;
    found = type.num_inputs;
  }
  return found;
}

static sensor_status read_kinds(const struct sensor_content* content, struct known_types* known) {
  sensor_zero(known, sizeof *known);
  known->definitions = sensor_definitions(&known->num);
  for (uint32_t i = 0; i < content->header.num_inputs; i++) {
    const struct sensor_file_input input = sensor_input_at(content, i);
    if (input.number >= SENSOR_MOST_TYPE_INPUTS || input.reserved != 0) return SENSOR_BAD_TYPE;
    if (input.kind < SENSOR_TEXT || input.kind > SENSOR_BYTES) return SENSOR_BAD_TYPE;
    uint8_t* kinds = kinds_of(known, input.type_id);
    if (kinds != NULL) kinds[input.number] = (uint8_t)input.kind;
  }
  return SENSOR_OK;
}

/* ---- Criteria ---------------------------------------------------------------------------------------------- */

/* "What the operand consists of" has to fit the operator, and its size both. */
static bool operand_fits(const struct sensor_criterion* criterion) {
  const uint32_t size = criterion->size;
  if (size == 0) return false;
  switch (criterion->op) {
    case SENSOR_EQUALS:
      if (criterion->kind == SENSOR_NUMBER) return size == 4;
      return criterion->kind == SENSOR_TEXT || criterion->kind == SENSOR_BYTES;
    case SENSOR_PREFIX:
    case SENSOR_SUFFIX:
    case SENSOR_CONTAINS: return criterion->kind == SENSOR_TEXT || criterion->kind == SENSOR_BYTES;
    case SENSOR_IN_SET: return criterion->kind == SENSOR_NUMBER && size % 4 == 0;
    case SENSOR_RANGE: return criterion->kind == SENSOR_NUMBER && size == 8;
    case SENSOR_REGEX: return criterion->kind == SENSOR_TEXT && sensor_regex_is_valid(criterion->operand, size);
    default: return false;
  }
}

static sensor_status load_criterion(const struct sensor_content* content, const struct sensor_file_criterion* from,
                                    struct sensor_criterion* criterion) {
  criterion->input = from->input;
  criterion->op = from->op;
  criterion->kind = from->kind;
  criterion->size = from->len_operand;
  criterion->operand = NULL;
  if (from->op == SENSOR_ANY) {
    const bool is_blank = from->kind == SENSOR_NONE && from->ofs_operand == 0 && from->len_operand == 0;
    return is_blank ? SENSOR_OK : SENSOR_BAD_CRITERION;
  }
  if (!sensor_lies_in(from->ofs_operand, from->len_operand, content->header.len_data)) return SENSOR_OUT_OF_FILE;
  if (from->kind == SENSOR_NUMBER && from->ofs_operand % 4 != 0) return SENSOR_BAD_CRITERION;
  criterion->operand = content->bytes + content->header.ofs_data + from->ofs_operand;
  return operand_fits(criterion) ? SENSOR_OK : SENSOR_BAD_CRITERION;
}

/* A criterion that reads its input needs a build that has the input, and the kind that the content says it has. */
static sensor_status check_input(const struct sensor_definition* definition, const uint8_t* kinds,
                                 const struct sensor_criterion* criterion) {
  if (criterion->op == SENSOR_ANY) return SENSOR_OK;
  if (definition == NULL) return SENSOR_TYPE_UNKNOWN;
  if (criterion->input >= definition->num_inputs) return SENSOR_INPUT_UNDEFINED;
  if (criterion->kind != kinds[criterion->input]) return SENSOR_BAD_CRITERION;
  return SENSOR_OK;
}

/* ---- Instances --------------------------------------------------------------------------------------------- */

static sensor_status load_criteria(const struct sensor_content* content, const uint8_t* kinds, uint32_t num_inputs,
                                   uint32_t* offset, const struct sensor_instance* instance,
                                   struct sensor_criterion* criteria) {
  for (uint32_t i = 0; i < instance->num_criteria; i++) {
    struct sensor_file_criterion from;
    if (!sensor_next_criterion(content, offset, &from)) return SENSOR_OUT_OF_FILE;
    if (from.input >= num_inputs) return SENSOR_BAD_CRITERION;
    sensor_status status = load_criterion(content, &from, &criteria[i]);
    if (status != SENSOR_OK) return status;
    status = check_input(instance->definition, kinds, &criteria[i]);
    if (status != SENSOR_OK) return status;
  }
  return SENSOR_OK;
}

static sensor_status load_instance(const struct sensor_file_instance* from, uint32_t num_inputs, uint32_t num_instances,
                                   struct sensor_instance* instance) {
  if (from->state != SENSOR_ENABLED && from->state != SENSOR_DISABLED) return SENSOR_BAD_INSTANCE;
  if (from->action < SENSOR_OBSERVE || from->action > SENSOR_PREVENT) return SENSOR_BAD_INSTANCE;
  if (from->reserved != 0) return SENSOR_BAD_INSTANCE;
  if (from->num_criteria == 0 || from->num_criteria > num_inputs) return SENSOR_BAD_INSTANCE;
  if (from->next > num_instances) return SENSOR_BAD_CHAIN;
  sensor_zero(instance, sizeof *instance);
  instance->id = from->id;
  instance->num_criteria = from->num_criteria;
  instance->state = from->state;
  instance->action = from->action;
  instance->next = from->next;
  instance->definition = sensor_definition(from->type_id);
  return SENSOR_OK;
}

static sensor_status load_instances(const struct sensor_content* content, struct known_types* known,
                                    struct sensor* sensor) {
  uint32_t offset = content->header.ofs_instances;
  uint32_t num_criteria = 0;
  uint32_t last_id = 0;
  for (uint32_t i = 0; i < sensor->num_instances; i++) {
    struct sensor_instance* instance = &sensor->instances[i];
    struct sensor_file_instance from;
    if (!sensor_next_instance(content, &offset, &from)) return SENSOR_OUT_OF_FILE;
    if (from.id <= last_id) return SENSOR_BAD_INSTANCE;
    last_id = from.id;
    const uint32_t num_inputs = num_inputs_of(content, from.type_id);
    sensor_status status = load_instance(&from, num_inputs, sensor->num_instances, instance);
    if (status != SENSOR_OK) return status;
    instance->first_criterion = num_criteria;
    num_criteria += instance->num_criteria;
    status = load_criteria(content, kinds_of(known, from.type_id), num_inputs, &offset, instance,
                           sensor->criteria + instance->first_criterion);
    if (status != SENSOR_OK) return status;
  }
  return offset == content->size ? SENSOR_OK : SENSOR_BAD_SIZE;
}

/* Each instance has one `next` at most, so a chain of more steps than there are instances has no end. */
static sensor_status check_chains(const struct sensor* sensor) {
  for (uint32_t i = 0; i < sensor->num_instances; i++) {
    uint32_t steps = 0;
    for (uint32_t next = sensor->instances[i].next; next != 0; next = sensor->instances[next - 1].next) {
      if (++steps >= sensor->num_instances) return SENSOR_BAD_CHAIN;
    }
  }
  return SENSOR_OK;
}

/* ---- Groups ------------------------------------------------------------------------------------------------ */

static sensor_status put_in_group(struct sensor* sensor, const struct sensor_file_group* from, uint32_t group) {
  if (!sensor_lies_in(from->first_instance, from->num_instances, sensor->num_instances)) return SENSOR_BAD_GROUP;
  for (uint32_t k = 0; k < from->num_instances; k++) {
    struct sensor_instance* instance = &sensor->instances[from->first_instance + k];
    if (instance->group != 0) return SENSOR_BAD_GROUP;
    instance->group = group + 1;
  }
  return SENSOR_OK;
}

static sensor_status check_depth(const struct sensor* sensor) {
  for (uint32_t i = 0; i < sensor->num_groups; i++) {
    uint32_t depth = 0;
    for (uint32_t parent = sensor->groups[i].parent; parent != 0; parent = sensor->groups[parent - 1].parent) {
      if (++depth > SENSOR_MAX_DEPTH) return SENSOR_BAD_GROUP;
    }
  }
  return SENSOR_OK;
}

static sensor_status load_groups(const struct sensor_content* content, struct sensor* sensor) {
  for (uint32_t i = 0; i < sensor->num_groups; i++) {
    const struct sensor_file_group from = sensor_group_at(content, i);
    if (from.id == 0 || from.reserved != 0) return SENSOR_BAD_GROUP;
    if (from.state != SENSOR_ENABLED && from.state != SENSOR_DISABLED) return SENSOR_BAD_GROUP;
    if (from.parent > sensor->num_groups) return SENSOR_BAD_GROUP;
    sensor->groups[i].parent = from.parent;
    sensor->groups[i].state = from.state;
    const sensor_status status = put_in_group(sensor, &from, i);
    if (status != SENSOR_OK) return status;
  }
  return check_depth(sensor);
}

/* ---- The whole --------------------------------------------------------------------------------------------- */

static sensor_status count_criteria(const struct sensor_content* content, uint32_t* num_criteria) {
  uint32_t offset = content->header.ofs_instances;
  *num_criteria = 0;
  for (uint32_t i = 0; i < content->header.num_instances; i++) {
    struct sensor_file_instance instance;
    if (!sensor_next_instance(content, &offset, &instance)) return SENSOR_OUT_OF_FILE;
    if (instance.num_criteria > SENSOR_MAX_CRITERIA - *num_criteria) return SENSOR_TOO_MANY;
    *num_criteria += instance.num_criteria;
    const uint32_t size = instance.num_criteria * (uint32_t)sizeof(struct sensor_file_criterion);
    if (!sensor_lies_in(offset, size, content->size)) return SENSOR_OUT_OF_FILE;
    offset += size;
  }
  return SENSOR_OK;
}

/* The tables follow each other in the memory, those of 8-byte alignment throughout. */
static size_t lay_out(const struct sensor_content* content, uint32_t num_criteria, struct sensor* sensor) {
  const struct sensor_file_header* header = &content->header;
  const size_t groups = sizeof *sensor;
  const size_t criteria = groups + header->num_groups * sizeof(struct sensor_group);
  const size_t instances = criteria + num_criteria * sizeof(struct sensor_criterion);
  if (sensor != NULL) {
    uint8_t* memory = (uint8_t*)sensor;
    sensor->num_groups = header->num_groups;
    sensor->num_instances = header->num_instances;
    sensor->groups = (struct sensor_group*)(memory + groups);
    sensor->criteria = (struct sensor_criterion*)(memory + criteria);
    sensor->instances = (struct sensor_instance*)(memory + instances);
  }
  return instances + header->num_instances * sizeof(struct sensor_instance);
}

sensor_status sensor_measure(const void* bytes, size_t size, size_t* needed) {
  struct sensor_content content;
  sensor_status status = sensor_open(bytes, size, &content);
  if (status != SENSOR_OK) return status;
  uint32_t num_criteria;
  status = count_criteria(&content, &num_criteria);
  if (status != SENSOR_OK) return status;
  *needed = lay_out(&content, num_criteria, NULL);
  return SENSOR_OK;
}

sensor_status sensor_load(const void* bytes, size_t size, void* memory, size_t memory_size, struct sensor** loaded) {
  struct sensor_content content;
  sensor_status status = sensor_open(bytes, size, &content);
  if (status != SENSOR_OK) return status;
  uint32_t num_criteria;
  status = count_criteria(&content, &num_criteria);
  if (status != SENSOR_OK) return status;
  if (lay_out(&content, num_criteria, NULL) > memory_size) return SENSOR_NO_ROOM;
  struct sensor* sensor = memory;
  lay_out(&content, num_criteria, sensor);

  struct known_types known;
  status = check_types(&content);
  if (status == SENSOR_OK) status = read_kinds(&content, &known);
  if (status == SENSOR_OK) status = load_instances(&content, &known, sensor);
  if (status == SENSOR_OK) status = check_chains(sensor);
  if (status == SENSOR_OK) status = load_groups(&content, sensor);
  if (status == SENSOR_OK) *loaded = sensor;
  return status;
}
