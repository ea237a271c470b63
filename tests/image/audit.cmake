# The interpreters that are audited, and the program on them.
if(SLUICE_CAN_BUILD_WINDOWS_DRIVERS)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/drivers)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/drivers/interpreter.c)
  sluice_windows_driver(NAME interpreter_sys OUTPUT ${folder}/interpreter.sys SOURCES ${source})
  sluice_windows_driver(NAME interpreter_checked_sys OUTPUT ${folder}/checked/interpreter.sys SOURCES ${source}
    DEFINES CHECKED)
  sluice_windows_driver(NAME interpreter_unoptimised_sys OUTPUT ${folder}/unoptimised/interpreter.sys
    SOURCES ${source} DEFINES CHECKED COMPILE -O0)
  sluice_windows_driver(NAME interpreter_aarch64_sys OUTPUT ${folder}/aarch64/interpreter.sys SOURCES ${source}
    MACHINE aarch64)
  add_dependencies(test_image interpreter_sys interpreter_checked_sys interpreter_unoptimised_sys
    interpreter_aarch64_sys)
  if(TARGET sluice-audit)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    add_test(NAME image.audit
      COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/audit_program_test.py $<TARGET_FILE:sluice-audit> ${folder})
  endif()
endif()
