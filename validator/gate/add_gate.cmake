# sluice_add_gate(NAME name RELEASE file [WORK folder] [REPORTS FORMAT=FILE...] [SIGN key] [ATTESTATIONS folder]
#                 [OPTIONS option...] [LABELS label...] [DEPENDS target...])
#
# The gate as a test and as a target, both called `name`. The test passes if the release passes: exit codes 1, a finding,
# and 2, no verdict, fail it alike, and the report says which it was.
#
#   RELEASE       the release document, relative to the source directory
#   WORK          what is kept between runs, relative to the binary directory; `name`.sluice unless told
#   REPORTS       json=gate.json junit=gate.xml ..; files relative to the binary directory
#   SIGN          an Ed25519 private key, relative to the source directory
#   ATTESTATIONS  relative to the binary directory; beside each content file unless told
#   OPTIONS       more for `sluice gate`
#   LABELS        of the test
#   DEPENDS       targets that make what the release names. They are built before the test, too: a driver of yesterday is
#                 not judged.
function(sluice_add_gate)
  cmake_parse_arguments(GATE "" "NAME;RELEASE;WORK;SIGN;ATTESTATIONS" "REPORTS;OPTIONS;LABELS;DEPENDS" ${ARGN})
  if(GATE_UNPARSED_ARGUMENTS OR GATE_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "sluice_add_gate: cannot use ${GATE_UNPARSED_ARGUMENTS}${GATE_KEYWORDS_MISSING_VALUES}")
  endif()
  foreach(needed NAME RELEASE)
    if(NOT GATE_${needed})
      message(FATAL_ERROR "sluice_add_gate: ${needed} is missing")
    endif()
  endforeach()
  # Reports name files as the release document does: seen from the top of the sources, they are the repository's.
  set(release ${GATE_RELEASE})
  cmake_path(ABSOLUTE_PATH release BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  cmake_path(IS_PREFIX CMAKE_SOURCE_DIR ${release} NORMALIZE is_inside)
  if(is_inside)
    cmake_path(RELATIVE_PATH release BASE_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
  set(command sluice::sluice gate ${release} --work)
  if(NOT GATE_WORK)
    set(GATE_WORK ${GATE_NAME}.sluice)
  endif()
  cmake_path(ABSOLUTE_PATH GATE_WORK BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} NORMALIZE)
  list(APPEND command ${GATE_WORK})
  foreach(report ${GATE_REPORTS})
    if(NOT report MATCHES "^([a-z]+)=(.+)$")
      message(FATAL_ERROR "sluice_add_gate: REPORTS: '${report}' is not like json=gate.json")
    endif()
    set(format ${CMAKE_MATCH_1})
    set(file ${CMAKE_MATCH_2})
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} NORMALIZE)
    list(APPEND command --report ${format}=${file})
  endforeach()
  if(GATE_SIGN)
    cmake_path(ABSOLUTE_PATH GATE_SIGN BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    list(APPEND command --sign ${GATE_SIGN})
  endif()
  if(GATE_ATTESTATIONS)
    cmake_path(ABSOLUTE_PATH GATE_ATTESTATIONS BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} NORMALIZE)
    file(MAKE_DIRECTORY ${GATE_ATTESTATIONS})
    list(APPEND command --attestations ${GATE_ATTESTATIONS})
  endif()
  list(APPEND command ${GATE_OPTIONS})

  add_custom_target(${GATE_NAME} COMMAND ${command} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} USES_TERMINAL VERBATIM)
  add_test(NAME ${GATE_NAME} COMMAND ${command} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  # The gate uses all cores.
  set_tests_properties(${GATE_NAME} PROPERTIES RUN_SERIAL TRUE LABELS "${GATE_LABELS}")
  if(GATE_DEPENDS)
    add_dependencies(${GATE_NAME} ${GATE_DEPENDS})
    add_test(NAME ${GATE_NAME}.build
      COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --config $<CONFIG> --target ${GATE_DEPENDS})
    set_tests_properties(${GATE_NAME}.build PROPERTIES
      RUN_SERIAL TRUE FIXTURES_SETUP ${GATE_NAME} LABELS "${GATE_LABELS}")
    set_tests_properties(${GATE_NAME} PROPERTIES FIXTURES_REQUIRED ${GATE_NAME})
  endif()
endfunction()
