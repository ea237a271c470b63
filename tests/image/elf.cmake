# A Linux module, as the kernel's makefiles compile and link one.
find_program(SLUICE_LD_LLD NAMES ld.lld-19 ld.lld)
if(CMAKE_C_COMPILER_ID STREQUAL "Clang" AND SLUICE_LD_LLD)
  set(sample ${CMAKE_CURRENT_BINARY_DIR}/modules/sample.ko)
  add_custom_command(OUTPUT ${sample}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/modules
    COMMAND ${CMAKE_C_COMPILER} --target=x86_64-linux-gnu -std=gnu11 -O2 -g -mcmodel=kernel -fno-pic -mno-red-zone
      -mno-sse -ffreestanding -fno-asynchronous-unwind-tables -fstack-protector-strong -Wall -Wextra -Werror
      -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -c ${CMAKE_CURRENT_SOURCE_DIR}/modules/sample.c -o ${sample}.o
    COMMAND ${SLUICE_LD_LLD} -r -o ${sample} ${sample}.o
    DEPENDS modules/sample.c
    VERBATIM)
  add_custom_target(sample_ko DEPENDS ${sample})
  add_dependencies(test_image sample_ko)
  target_compile_definitions(test_image PRIVATE SLUICE_SAMPLE_MODULE="${sample}")
  if(TARGET test_session)
    add_dependencies(test_session sample_ko)
    target_compile_definitions(test_session PRIVATE SLUICE_SAMPLE_MODULE="${sample}")
  endif()
endif()
