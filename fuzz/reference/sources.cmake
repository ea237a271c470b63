# What the reference sensor is made of, and its builds.
set(core sensor_content.c sensor_gather.c sensor_interpret.c sensor_load.c sensor_regex.c sensor_types.c)
list(TRANSFORM core PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
set(SLUICE_SENSOR_CORE ${core} CACHE INTERNAL "The sensor without a kernel")
set(SLUICE_SENSOR ${core} ${CMAKE_CURRENT_LIST_DIR}/sensor_driver.c ${CMAKE_CURRENT_LIST_DIR}/sensor_events.c
  ${CMAKE_CURRENT_LIST_DIR}/sensor_adapter.c
  CACHE INTERNAL "The sensor as a replica")
set(SLUICE_SENSOR_BUILDS 710=7.10 711=7.11 7111=7.11.1 712=7.12 CACHE INTERNAL "SENSOR_BUILD and the build's name")
