/* What is between sluice's events and the sensor's, whether the sensor is a replica or an image. */
#ifndef SENSOR_EVENTS_H
#define SENSOR_EVENTS_H

#include "fuzz/target/target.h"
#include "sensor.h"

/* `status` as an NTSTATUS; `code` is told where it is a success. */
struct sluice_result sensor_result_of(uint32_t status, uint32_t code);

/* `definition` may be null. The event's memory is referred to. */
void sensor_event_of(const struct sluice_event* event, const struct sensor_definition* definition,
                     struct sensor_event* raw);

/* Static memory. */
const struct sluice_description* sensor_description_of(const struct sensor_definition* definitions, uint32_t num_types);

#endif
