# sluice_replica(NAME target OUTPUT file SOURCES file... [DEFINES NAME=VALUE...] [WRAP symbol...] [PLAIN])
#
# Builds a driver's source and its adapter as a shared object that sluice-run loads. What it does not define itself (the
# kernel's functions, sluice's, the sanitizers') it finds in the process that loads it.
#
#   WRAP    functions that the adapter wraps: it defines __wrap_NAME and calls __real_NAME
#   PLAIN   without sanitizers, and faster
#
# The options are the replica's own: the project's are for C++, and a preset's sanitizers are for the validator.
#
# sluice_replica_options(target [PLAIN]) compiles other targets in the same way.
set(SLUICE_WDK ${CMAKE_SOURCE_DIR}/fuzz/kernel_api/wdk)

function(sluice_replica_options target)
  cmake_parse_arguments(OPTIONS "PLAIN" "" "" ${ARGN})
  set_target_properties(${target} PROPERTIES C_STANDARD 11 C_EXTENSIONS OFF
    INTERPROCEDURAL_OPTIMIZATION OFF)  # functions that are inlined across files are not wrapped
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
  target_include_directories(${target} SYSTEM PRIVATE ${SLUICE_WDK})
  target_compile_options(${target} PRIVATE
    -g -fno-omit-frame-pointer -fPIC -fshort-wchar -Wall -Wextra -Wno-multichar -Werror)
  if(OPTIONS_PLAIN)
    target_compile_options(${target} PRIVATE -O2)
  else()
    # Locals stay on the stack, where sluice poisons them.
    set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fsanitize-address-use-after-return=never)
    target_compile_options(${target} PRIVATE -O1 ${sanitizers})
    target_link_options(${target} PRIVATE ${sanitizers})
  endif()
endfunction()

function(sluice_replica)
  cmake_parse_arguments(REPLICA "PLAIN" "NAME;OUTPUT" "SOURCES;DEFINES;WRAP" ${ARGN})
  get_filename_component(folder ${REPLICA_OUTPUT} DIRECTORY)
  get_filename_component(name ${REPLICA_OUTPUT} NAME)
  add_library(${REPLICA_NAME} MODULE ${REPLICA_SOURCES})
  set_target_properties(${REPLICA_NAME} PROPERTIES
    PREFIX "" SUFFIX "" OUTPUT_NAME ${name} LIBRARY_OUTPUT_DIRECTORY ${folder})
  target_compile_definitions(${REPLICA_NAME} PRIVATE ${REPLICA_DEFINES})
  set(plain)
  if(REPLICA_PLAIN)
    set(plain PLAIN)
  endif()
  sluice_replica_options(${REPLICA_NAME} ${plain})
  target_link_options(${REPLICA_NAME} PRIVATE -Wl,-Bsymbolic)
  foreach(symbol ${REPLICA_WRAP})
    target_link_options(${REPLICA_NAME} PRIVATE -Wl,--wrap=${symbol})
  endforeach()
endfunction()
