# sluice_add_replica(NAME target OUTPUT file SOURCES file... [LINUX] [PLAIN | FUZZ]
#                    [DEFINES NAME=VALUE...] [WRAP symbol...] [OPTIONS option...])
#
# A target that compiles a driver's source and its adapter to a replica, by sluice-cc; see `sluice-cc --help`. It is made
# anew when a source or a header of it changes.
#
#   OUTPUT   relative to the binary directory
#   LINUX    the driver includes linux/kernel.h and the like; otherwise ntddk.h
#   PLAIN    without sanitizers
#   FUZZ     the same, and counts what runs: for a campaign
#   WRAP     functions that the adapter wraps: it defines __wrap_NAME and calls __real_NAME
#   OPTIONS  more for the compiler: -I, -W, -f, -include
#
# sluice_add_adapter(NAME target OUTPUT file SOURCES file... [DEFINES ..] [OPTIONS ..])
#
# The same of the adapter of an image, a .sys or .ko that is there already.
#
# SLUICE_CC may name the command to use instead of the sluice-cc beside this file: `env;SLUICE_CLANG=clang;sluice-cc`.

function(sluice_add_replica)
  cmake_parse_arguments(REPLICA "LINUX;PLAIN;FUZZ;IMAGE" "NAME;OUTPUT" "SOURCES;DEFINES;WRAP;OPTIONS" ${ARGN})
  if(REPLICA_UNPARSED_ARGUMENTS OR REPLICA_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "sluice_add_replica: cannot use ${REPLICA_UNPARSED_ARGUMENTS}${REPLICA_KEYWORDS_MISSING_VALUES}")
  endif()
  foreach(needed NAME OUTPUT SOURCES)
    if(NOT REPLICA_${needed})
      message(FATAL_ERROR "sluice_add_replica: ${needed} is missing")
    endif()
  endforeach()
  set(here ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  if(NOT SLUICE_CC)
    set(SLUICE_CC ${here}/sluice-cc)
  endif()
  cmake_path(ABSOLUTE_PATH REPLICA_OUTPUT BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} NORMALIZE OUTPUT_VARIABLE output)
  cmake_path(GET output PARENT_PATH folder)
  set(words)
  foreach(flag LINUX PLAIN FUZZ IMAGE)
    if(REPLICA_${flag})
      string(TOLOWER --${flag} word)
      list(APPEND words ${word})
    endif()
  endforeach()
  foreach(symbol ${REPLICA_WRAP})
    list(APPEND words --wrap ${symbol})
  endforeach()
  list(TRANSFORM REPLICA_DEFINES PREPEND -D)
  set(sources)
  foreach(source ${REPLICA_SOURCES})
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    list(APPEND sources ${source})
  endforeach()
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${SLUICE_CC} ${words} ${REPLICA_DEFINES} ${REPLICA_OPTIONS} -MF ${output}.d -o ${output} ${sources}
    DEPENDS ${sources} ${here}/sluice-cc ${SLUICE_CC_DEPENDS}
    DEPFILE ${output}.d
    COMMENT "Compiling the replica ${REPLICA_OUTPUT}"
    VERBATIM)
  add_custom_target(${REPLICA_NAME} ALL DEPENDS ${output})
endfunction()

function(sluice_add_adapter)
  sluice_add_replica(${ARGN} IMAGE)
endfunction()
